const schemes = /^(?:https?|mailto|tel|slack):/i;

/** The URL if a link may lead there; undefined for `javascript:` and its like. */
export function safeUrl(url: string): string | undefined {
  const trimmed = url.trim();
  return schemes.test(trimmed) ? trimmed : undefined;
}
