import { EngineUnavailableError, type UserTask } from '../../engines/engine.ts';
import type { Start } from '../../starts/queries.ts';
import type { Words } from '../../words/words.ts';
import { taskHolders } from '../rights/task-people.ts';
import type { SlackContext } from '../slack-context.ts';
import { startLink } from '../task-form/start-link.ts';
import type { ActivityLine } from './activity-line.ts';

/** Reads what the line of a start says now. */
export async function describeStart(
  context: SlackContext,
  words: Words,
  start: Start,
  { offerRetry }: { offerRetry: boolean },
): Promise<ActivityLine> {
  const { clientUserId } = start.facts;
  return {
    start,
    startedBy: start.startedBy === null ? undefined : await nameOf(context, words, start.startedBy),
    client: clientUserId === null ? undefined : await nameOf(context, words, clientUserId),
    link: startLink(context, start.facts),
    elsewhere: start.processInstanceKey === null ? undefined : context.engine.instanceLink(start.processInstanceKey),
    tasks: await openTasks(context, words, start),
    offerRetry,
  };
}

async function openTasks(context: SlackContext, words: Words, start: Start): Promise<ActivityLine['tasks']> {
  if (start.status !== 'running' || start.processInstanceKey === null) return [];
  const tasks = await listTasks(context, start.processInstanceKey);
  const open = tasks.filter((task) => task.status === 'open');
  return Promise.all(
    open.map(async (task) => ({ name: task.name, ...(await holderNames(context, words, task, start)) })),
  );
}

async function listTasks({ engine }: SlackContext, processInstanceKey: string): Promise<UserTask[]> {
  try {
    return await engine.listUserTasks(processInstanceKey);
  } catch (error) {
    // The line is written without the tasks; the engine reports their changes once it is back.
    if (error instanceof EngineUnavailableError) return [];
    throw error;
  }
}

async function holderNames(
  context: SlackContext,
  words: Words,
  task: UserTask,
  start: Start,
): Promise<{ holders: string[]; unknown: string[] }> {
  const { userIds, groups, unknown } = await taskHolders(context, task, start);
  const people = await Promise.all(userIds.map((id) => nameOf(context, words, id)));
  return { holders: [...groups.map((group) => `@${group.handle || group.name}`), ...people], unknown };
}

/** The person's name, or a fallback if Slack does not show them. */
async function nameOf({ directory }: SlackContext, words: Words, userId: string): Promise<string> {
  return (await directory.person(userId))?.name || words('person.gone');
}
