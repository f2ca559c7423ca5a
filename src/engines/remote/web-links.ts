/** Joins an application's address and a place in it; undefined where the address is not known. */
export function placeIn(address: string | undefined, place: string): string | undefined {
  return address === undefined ? undefined : `${address.replace(/\/+$/, '')}/${place}`;
}
