const schemes = /^(?:https?|mailto|tel|slack):/i;

/** Returns the URL if it is safe for a link; undefined for `javascript:` and similar schemes. */
export function safeUrl(url: string): string | undefined {
  const trimmed = url.trim();
  return schemes.test(trimmed) ? trimmed : undefined;
}
