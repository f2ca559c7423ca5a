import type { types } from '@slack/bolt';
import type { Words } from '../../words/words.ts';
import { button } from './home-actions.ts';
import type { Page } from './read-home.ts';

/** Buttons to the previous and next page, if there are any. */
export function pager(
  words: Words,
  list: 'tasks' | 'sessions',
  { page, hasMore }: Page<unknown>,
): types.ActionsBlock[] {
  const elements = [
    ...(page > 0 ? [button(`home_${list}_previous`, words('home.previous'), String(page - 1))] : []),
    ...(hasMore ? [button(`home_${list}_next`, words('home.next'), String(page + 1))] : []),
  ];
  return elements.length > 0 ? [{ type: 'actions', elements }] : [];
}
