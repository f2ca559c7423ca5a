import type { Job } from '../../engines/engine.ts';
import type { Start } from '../../starts/queries.ts';
import type { SlackContext } from '../slack-context.ts';

/** As chat.postMessage takes it: the name and picture that a message appears under. */
export interface Appearance {
  username: string;
  icon_url?: string;
}

/**
 * Under whose name a process answers: who completed its latest task, else who started it. Undefined: nobody did either, and
 * the answer is the app's own.
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
