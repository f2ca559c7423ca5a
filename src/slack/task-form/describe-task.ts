import type { UserTask } from '../../engines/engine.ts';
import { mentionsIn, placesIn, readableText } from '../../sessions/readable-text.ts';
import type { Start } from '../../starts/queries.ts';
import type { SlackContext } from '../slack-context.ts';
import { startLink } from './start-link.ts';
import type { TaskNotice } from './task-message.ts';

/** The parts of a message about a task that do not depend on its reader, its state or its people. */
export async function describeTask(
  context: SlackContext,
  task: UserTask,
  start: Start,
): Promise<Omit<TaskNotice, 'standing' | 'unknown'>> {
  const { clientUserId, message } = start.facts;
  const client = clientUserId === null ? undefined : await nameOf(context, clientUserId);
  const quote = message && (await readable(context, message.text));
  return { task, start, link: startLink(context, start.facts), client, quote: quote || undefined };
}

async function readable(context: SlackContext, text: string): Promise<string> {
  const people = mentionsIn(text).map(async (id) => [id, await nameOf(context, id)] as const);
  const places = placesIn(text).map(async (id) => [id, await context.directory.placeName(id)] as const);
  const names = new Map(await Promise.all([...people, ...places]));
  return readableText(text, (id) => names.get(id));
}

async function nameOf({ directory }: SlackContext, userId: string): Promise<string | undefined> {
  return (await directory.person(userId))?.name;
}
