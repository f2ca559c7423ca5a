import type { Job } from '../../engines/engine.ts';
import type { Start } from '../../starts/queries.ts';
import type { SlackContext } from '../slack-context.ts';

/** Name and picture of a message, as chat.postMessage takes them. */
export interface Appearance {
  username: string;
  icon_url?: string;
}

/**
 * The person in whose name a process answers: who completed its latest task, else who started it. Undefined: nobody did either,
 * and the message is the app's own.
 */
export async function answeringOperator(
  { engine, directory }: Pick<SlackContext, 'engine' | 'directory'>,
  { processInstanceKey }: Job,
  start: Start | undefined,
): Promise<Appearance | undefined> {
  const tasks = await engine.listUserTasks(processInstanceKey);
  const userId = tasks.findLast(({ completedBy }) => completedBy !== undefined)?.completedBy ?? start?.startedBy;
  const person = userId ? await directory.person(userId) : undefined;
  if (!person?.name) return undefined;
  return { username: person.name, ...(person.image ? { icon_url: person.image } : {}) };
}
