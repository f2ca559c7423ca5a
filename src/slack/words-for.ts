import type { Person } from '../sessions/people.ts';
import { type Words, wordsIn } from '../words/words.ts';
import type { SlackContext } from './slack-context.ts';

/**
 * How long somebody waits at most, in milliseconds, for Slack to say which language they have; a trigger lives 3 s, and the
 * rest of them is for what they asked for.
 */
const patienceMs = 500;

/**
 * The words to speak to this person with: `const words = await wordsFor(context, body.user.id)`, once, where a listener
 * begins. Never throws: while Slack does not say who they are, theirs is the language last known, else English.
 */
export async function wordsFor({ directory }: Pick<SlackContext, 'directory'>, userId: string): Promise<Words> {
  const person = await personInTime({ directory }, userId);
  return wordsIn(person ?? directory.lastKnown(userId) ?? {});
}

/** Who somebody is, if Slack says so before they have waited too long. Never throws. */
export async function personInTime(
  { directory }: Pick<SlackContext, 'directory'>,
  userId: string,
): Promise<Person | undefined> {
  const asked: Promise<Person | undefined> = directory.person(userId).catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceMs);
  });
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}
