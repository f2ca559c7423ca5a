import type { Person } from '../sessions/people.ts';
import { withTimeout } from '../with-timeout.ts';
import { type Words, wordsIn } from '../words/words.ts';
import type { SlackContext } from './slack-context.ts';

/**
 * How long to wait for Slack to say which language a person has, in milliseconds. A trigger lives 3 seconds, and the rest of
 * that is for the actual work.
 */
const patienceMs = 500;

/**
 * The language to use for this person: `const words = await wordsFor(context, body.user.id)`, once, at the start of a listener.
 * Never throws: if Slack does not answer, it is the language last known, else English.
 */
export async function wordsFor({ directory }: Pick<SlackContext, 'directory'>, userId: string): Promise<Words> {
  const person = await personInTime({ directory }, userId);
  return wordsIn(person ?? directory.lastKnown(userId) ?? {});
}

/** A person, if Slack answers in time. Never throws. */
export async function personInTime(
  { directory }: Pick<SlackContext, 'directory'>,
  userId: string,
): Promise<Person | undefined> {
  return withTimeout(directory.person(userId), patienceMs).catch(() => undefined);
}
