import type { Words } from '../../words/words.ts';
import { listed, type Markup } from './markup.ts';

/** Names at most `limit` items of a list and counts the rest: `a, b, and 3 more`. */
export function listSome(
  words: Words,
  items: readonly (string | Markup)[],
  limit: number,
  conjunction: 'and' | 'or' = 'and',
): Markup {
  const rest = items.length - limit;
  if (rest <= 0) return listed(words, items, conjunction);
  return listed(words, [...items.slice(0, limit), words('more', { count: rest })], conjunction);
}
