/** The state of the page that is stored in the URL's hash. */
export interface Place {
  /** The handle of the acting person. */
  handle: string;
  /** A conversation's id, `~name` of a channel, or `home` for the app's home tab. */
  at?: string | undefined;
  /** `ts` of the root of the open thread. */
  thread?: string | undefined;
}

/** Reads `#anna/C0123/1700000000.000100`; undefined for anything else. */
export function placeOf(hash: string): Place | undefined {
  const [handle, at, thread] = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  return handle ? { handle, at: at || undefined, thread: thread || undefined } : undefined;
}

/** The place that a link to a conversation or message of the workspace leads to; undefined for every other link. */
export function placeOfLink(link: string, domain: string): Pick<Place, 'at' | 'thread'> | undefined {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  const [, at] = /^\/archives\/([A-Z0-9]+)(?:\/p\d+)?\/?$/.exec(url?.pathname ?? '') ?? [];
  if (url?.host !== `${domain}.slack.com` || at === undefined) return undefined;
  return { at, thread: url.searchParams.get('thread_ts') ?? undefined };
}

export function hashOf(place: Place): string {
  const parts = [place.handle, place.at, place.at && place.thread].filter((part) => part !== undefined && part !== '');
  return `#${parts.map((part) => encodeURIComponent(part ?? '')).join('/')}`;
}
