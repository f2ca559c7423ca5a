import type { UserTask } from '../../engines/engine.ts';
import type { TaskReach } from './task-reach.ts';

/** The state of a task for one of the people who were notified. */
export type Standing =
  | { kind: 'mine' }
  | { kind: 'offered'; isForAll: boolean }
  | { kind: 'taken'; by: string }
  | { kind: 'done'; by: string | undefined }
  | { kind: 'cancelled' };

/** Returns undefined if the task is offered, but not to this person (any more). */
export function openStanding(
  { holder, people, isForAll }: Pick<TaskReach, 'holder' | 'people' | 'isForAll'>,
  userId: string,
): Standing | undefined {
  if (holder !== undefined) return holder === userId ? { kind: 'mine' } : { kind: 'taken', by: holder };
  return people.includes(userId) ? { kind: 'offered', isForAll } : undefined;
}

/** The state of a closed task, the same for everybody. */
export function closedStanding({ status, completedBy }: Pick<UserTask, 'status' | 'completedBy'>): Standing {
  return status === 'cancelled' ? { kind: 'cancelled' } : { kind: 'done', by: completedBy };
}

/** The state as stored with a message, to see whether the message is up to date. */
export function standingKey(standing: Standing): string {
  return 'by' in standing ? `${standing.kind}:${standing.by ?? ''}` : standing.kind;
}

/** Whether a message with this {@link standingKey} says that somebody else took the task. */
export const isTakenKey = (key: string | null): boolean => key?.startsWith('taken:') ?? false;
