import { whoIsAway } from '../../live-chats/absences.ts';
import type { Start } from '../../starts/queries.ts';
import { type Assigned, peopleOf, type TaskHolders, taskHolders } from '../rights/task-people.ts';
import type { SlackContext } from '../slack-context.ts';

/** Whom an open task reaches. */
export interface TaskReach {
  holders: TaskHolders;
  /** Who has it: its assignee, or the only one it falls to. Undefined: several may claim it. */
  holder: string | undefined;
  /** Everybody whom it falls to. */
  people: string[];
  /** Those of them who are told of it. */
  told: string[];
  /** All of them are away, so they are told all the same: a task that nobody sees would wait for ever. */
  isForAll: boolean;
}

/**
 * Whom a task reaches now. Of several whom it is offered to, those who are away in its live chat are not told. If all are,
 * all are told: the process says whose the task is, and no supervisor need be one of them.
 */
export async function reachOf(context: SlackContext, task: Assigned, start: Start): Promise<TaskReach> {
  const holders = await taskHolders(context, task, start);
  const people = await peopleOf(context, holders, start);
  const holder = holders.assignee ?? (people.length === 1 ? people[0] : undefined);
  if (holder !== undefined || start.liveChatId === null) {
    return { holders, holder, people, told: people, isForAll: false };
  }
  const away = await whoIsAway(context.db, start.liveChatId);
  const there = people.filter((userId) => !away.has(userId));
  const isForAll = there.length === 0 && people.length > 0;
  return { holders, holder, people, told: isForAll ? people : there, isForAll };
}
