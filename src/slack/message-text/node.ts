/** A part of a message as Slack sent it. Parts of unknown form count as empty. */
export type Node = Readonly<Record<string, unknown>>;

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function nodesIn(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

export function stringIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The texts that are not empty, one per line. */
export function lines(texts: string[]): string {
  return texts.filter((text) => text.trim() !== '').join('\n');
}
