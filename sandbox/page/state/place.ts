/** Where a person is in the page: what stands in the URL's hash. */
export interface Place {
  /** The handle of who acts. */
  handle: string;
  /** A conversation's id, `~name` of a channel, or `home` for the app's home tab. */
  at?: string | undefined;
  /** The root of the thread that is open beside it. */
  thread?: string | undefined;
}

/** Reads `#anna/C0123/1700000000.000100`; undefined for anything else. */
export function placeOf(hash: string): Place | undefined {
  const [handle, at, thread] = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  return handle ? { handle, at: at || undefined, thread: thread || undefined } : undefined;
}

export function hashOf(place: Place): string {
  const parts = [place.handle, place.at, place.at && place.thread].filter((part) => part !== undefined && part !== '');
  return `#${parts.map((part) => encodeURIComponent(part ?? '')).join('/')}`;
}
