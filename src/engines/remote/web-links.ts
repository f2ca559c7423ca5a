/** Joins an application's address and a path in it; undefined if the address is not configured. */
export function placeIn(address: string | undefined, place: string): string | undefined {
  return address === undefined ? undefined : `${address.replace(/\/+$/, '')}/${place}`;
}
