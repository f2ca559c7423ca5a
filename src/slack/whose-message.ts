import type { Identity } from './identity.ts';
import { type MessageEvent, type MessageReading, readMessage } from './read-message.ts';
import type { SlackContext } from './slack-context.ts';

/** A message whose author is known. */
export type OwnedMessage = Exclude<MessageReading, { kind: 'posted' }>;

/**
 * Determines the author of a message. One that was posted with a token has the token's owner as its author: a person in whose
 * name some tool writes, or an app. Throws UnavailableError if Slack does not answer.
 */
export async function whoseMessage(
  { directory, identity }: Pick<SlackContext, 'directory' | 'identity'>,
  event: MessageEvent,
): Promise<OwnedMessage> {
  const reading = readMessage(event);
  if (reading.kind !== 'posted') return reading;
  const { userId, team, authorName } = reading;
  const isOurs = userId === identity.botUserId;
  const owner = isOurs ? undefined : await directory.person(userId);
  return owner && !owner.isBot ? { kind: 'human', userId, team } : { kind: 'app', authorName };
}

/** Whether a team is another organisation's; undefined if there is no team. */
export function isForeign({ teamId, enterpriseId }: Identity, team: string | undefined): boolean | undefined {
  return team ? team !== teamId && team !== enterpriseId : undefined;
}
