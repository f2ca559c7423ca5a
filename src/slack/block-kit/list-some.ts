import type { Words } from '../../words/words.ts';

/** Names the first items of a list, at most `limit`, and counts the rest: `a, b, and 3 more`. */
export function listSome(words: Words, items: string[], limit: number, conjunction: 'and' | 'or' = 'and'): string {
  const rest = items.length - limit;
  if (rest <= 0) return words.list(items, conjunction);
  return words.list([...items.slice(0, limit), words('more', { count: rest })], conjunction);
}
