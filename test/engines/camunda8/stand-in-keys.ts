/** Keys of a cluster's fourth partition: integers beyond 2^53, which a JavaScript number cannot represent. */
const partition = 4n << 51n;
const kinds = ['element', 'task', 'job', 'incident', 'definition', 'variable', 'subscription'] as const;
type Kind = (typeof kinds)[number];
const kindBits = 48n;
const tokensOfInstance = 2n ** 24n;

/** The location of something in the embedded engine; token 0 is the instance itself. */
export interface Place {
  instance: string;
  token: number;
}

const keyOf = (kind: Kind, number: bigint) => String(partition + (BigInt(kinds.indexOf(kind)) << kindBits) + number);

function numberOf(kind: Kind, key: string): bigint | undefined {
  if (!/^\d{1,19}$/.test(key)) return undefined;
  const rest = BigInt(key) - partition;
  if (rest < 0 || rest >> kindBits !== BigInt(kinds.indexOf(kind))) return undefined;
  return rest & ((1n << kindBits) - 1n);
}

export const placeKey = (kind: Kind, { instance, token }: Place): string =>
  keyOf(kind, BigInt(instance) * tokensOfInstance + BigInt(token));

export function placeOf(kind: Kind, key: string): Place | undefined {
  const number = numberOf(kind, key);
  if (number === undefined) return undefined;
  return { instance: String(number / tokensOfInstance), token: Number(number % tokensOfInstance) };
}

export const numberKey = (kind: Kind, number: number | string): string => keyOf(kind, BigInt(number));

/** Parses the embedded engine's key of an element: `<instance>-<token>`, or the instance's. */
export function elementPlace(key: string): Place {
  const [instance = '', token = '0'] = key.split('-');
  return { instance, token: Number(token) };
}

export const ownKey = ({ instance, token }: Place): string => (token === 0 ? instance : `${instance}-${token}`);

/** The embedded engine's key of a job, as in its jobs API. */
export const ownJobKey = ({ instance, token }: Place): string =>
  String(BigInt(instance) * tokensOfInstance + BigInt(token));
export function jobPlace(key: string): Place {
  const number = BigInt(key);
  return { instance: String(number / tokensOfInstance), token: Number(number % tokensOfInstance) };
}
