import { setTimeout as delay } from 'node:timers/promises';
import { message } from '../../../words/message.ts';
import { EngineRefusedError, UserTaskDeniedError } from '../../engine.ts';
import type { Token } from '../interpreter/instance-state.ts';
import type { EngineContext } from './engine-context.ts';
import { readState } from './read-operations.ts';

/** Pauses between checks whether a task's listeners are done, in milliseconds; the pause doubles. */
const firstPauseMs = 50;
const longestPauseMs = 500;

/** @throws EngineRefusedError if the task's listeners are still processing an event */
export function assertNotListening({ listening }: Token): void {
  if (listening) throw new EngineRefusedError(message('task.listening'));
}

/**
 * Waits until the listeners of a user task have processed the requested operation, or the task has ended.
 *
 * @throws UserTaskDeniedError if a listener denies it
 * @throws EngineRefusedError if a listener has an incident, or they are not done in time
 */
export async function listenersDone(
  { db, timings }: EngineContext,
  { instanceKey, token }: { instanceKey: string; token: number },
): Promise<void> {
  const deadline = performance.now() + timings.listenersMs;
  for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
    const tokens = (await readState(db, instanceKey, token))?.tokens ?? {};
    const task = tokens[token];
    if (task?.denied !== undefined) throw new UserTaskDeniedError(task.denied);
    if (!task?.listening || task.ending) return;
    const hasStopped = Object.values(tokens).some(({ scope, incident }) => scope === token && incident);
    if (hasStopped || performance.now() > deadline) throw new EngineRefusedError(message('task.listening'));
    await delay(pause);
  }
}
