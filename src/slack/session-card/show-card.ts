import type { ModalView } from '@slack/web-api';
import { openModal } from '../open-modal.ts';
import { type AccessedSession, accessSession } from '../rights/access-session.ts';
import type { SlackContext } from '../slack-context.ts';
import type { StartPlace } from '../start-process/start-place.ts';
import { wordsFor } from '../words-for.ts';
import { sessionCardModal } from './card-view.ts';
import { readCard } from './read-card.ts';

/** Opens the card of the conversation's session, or says why this person may not see it. */
export async function openCard(
  context: SlackContext,
  { place, triggerId, userId }: { place(): Promise<StartPlace>; triggerId: string; userId: string },
): Promise<void> {
  const words = await wordsFor(context, userId);
  await openModal(context, { words, triggerId, title: words('session.title') }, async () =>
    cardFor(context, await place(), userId),
  );
}

/** The current card; `access`: the result of the check that was just made. */
export async function cardFor(
  context: SlackContext,
  place: StartPlace,
  userId: string,
  access?: AccessedSession,
): Promise<ModalView> {
  const words = await wordsFor(context, userId);
  const accessed = access ?? (await accessSession(context, place.channelId, userId));
  return sessionCardModal(await readCard(context, words, accessed, place), words);
}
