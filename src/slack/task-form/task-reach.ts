import { whoIsAway } from '../../live-chats/absences.ts';
import type { Start } from '../../starts/queries.ts';
import { type Assigned, peopleOf, type TaskHolders, taskHolders } from '../rights/task-people.ts';
import type { SlackContext } from '../slack-context.ts';

/** The people who are concerned with an open task. */
export interface TaskReach {
  holders: TaskHolders;
  /** The person who has it: its assignee, or the only candidate. Undefined if several may claim it. */
  holder: string | undefined;
  /** Everybody who may work on it. */
  people: string[];
  /** The subset that gets a message. */
  told: string[];
  /** True if all of them are away, so that all get a message: otherwise nobody would see the task. */
  isForAll: boolean;
}

/**
 * Determines who is concerned with a task now. If it is offered to several people, those who are away in its live chat get no
 * message. If all are away, all get one: the process names them, and supervisors may not be among them.
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
