import { addEffect, type TaskAttributes } from './effects.ts';
import { elementAt, type Run } from './run.ts';

/** Opens the task for people. */
export function openUserTask(run: Run, key: number, task: TaskAttributes): void {
  addEffect(run.effects, { kind: 'openTask', token: key, elementId: elementAt(run, key).id, ...task });
}
