/** Maximum number of tokens per instance in a key: Camunda's clients expect one 64-bit integer. */
const tokensOfInstance = 2n ** 24n;

interface JobPlace {
  instanceKey: string;
  token: number;
}

/** The key of a job for external workers, a 64-bit number as Camunda 8 has it. */
export const numericJobKey = ({ instanceKey, token }: JobPlace): string =>
  String(BigInt(instanceKey) * tokensOfInstance + BigInt(token));

/** Returns undefined if the text is not a job's key. */
export function parseJobKey(text: string): JobPlace | undefined {
  if (!/^\d{1,19}$/.test(text)) return undefined;
  const key = BigInt(text);
  return { instanceKey: String(key / tokensOfInstance), token: Number(key % tokensOfInstance) };
}
