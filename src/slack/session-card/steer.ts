import type { BlockAction, ButtonAction } from '@slack/bolt';
import { UserFacingError } from '../../errors.ts';
import { recordEvent } from '../../intake/record-event.ts';
import { markSpam, unmarkSpam } from '../../intake/steer-session.ts';
import { instantOf } from '../../sessions/properties.ts';
import { endRemoval } from '../../sessions/removals.ts';
import { message } from '../../words/message.ts';
import { intakeDependencies } from '../intake-dependencies.ts';
import { changeView } from '../live-chat-config/update-views.ts';
import { type AccessedSession, accessSession } from '../rights/access-session.ts';
import { requireOperator } from '../rights/require-operator.ts';
import type { SlackContext } from '../slack-context.ts';
import { startedFrom } from '../start-process/start-facts.ts';
import { readPlace } from '../start-process/start-place.ts';
import { startProcessModal } from '../start-process/views.ts';
import { wordsFor } from '../words-for.ts';
import { cardFor } from './show-card.ts';

/** The action of a button on the card. Idempotent. */
export type Steer = (context: SlackContext, accessed: AccessedSession, click: Click) => Promise<void>;

interface Click {
  userId: string;
  /** Slack's clock, the same as that of message timestamps. */
  actionTs: string;
}

export const steerToSpam: Steer = ({ database }, { session }, { userId }) =>
  markSpam(database, { sessionId: session.id, by: userId });

export const steerFromSpam: Steer = ({ database }, { session }, { userId }) =>
  unmarkSpam(database, { sessionId: session.id, by: userId });

/** Closing by hand counts as *Session closed*, once; archiving the conversation afterwards is not a second closing. */
export const closeByHand: Steer = (context, accessed, click) => changeStatus(context, accessed, click, 'closed');
export const reopenByHand: Steer = (context, accessed, click) => changeStatus(context, accessed, click, 'reopened');

/** Lets the app join the channel again that it was removed from. */
export const bringBack: Steer = async ({ database }, { session, isAdministrator }) => {
  if (!isAdministrator) throw new UserFacingError(message('session.rejoinNotAllowed'));
  await endRemoval(database.db, session.id);
  database.signal('joins_due');
};

async function changeStatus(
  context: SlackContext,
  { session, liveChat }: AccessedSession,
  { userId, actionTs }: Click,
  kind: 'closed' | 'reopened',
): Promise<void> {
  const { teamId, channelId, name, isPrivate, isShared } = session;
  const conversation = { teamId, channelId, name, isPrivate, isShared, mustJoin: false };
  const at = instantOf(actionTs);
  await recordEvent(intakeDependencies(context), liveChat, conversation, { kind, at, slackTs: actionTs, by: userId });
}

/** Runs a button's action and shows the updated card. */
export async function steer(
  context: SlackContext,
  { action, body }: { action: ButtonAction; body: BlockAction<ButtonAction> },
  change: Steer,
): Promise<void> {
  if (!body.view) return;
  const { private_metadata: metadata, id: viewId, title } = body.view;
  const userId = body.user.id;
  const words = await wordsFor(context, body.user.id);
  await changeView(context, { words, viewId, title: title.text }, async () => {
    const place = readPlace(metadata);
    const accessed = await accessSession(context, place.channelId, userId);
    await change(context, accessed, { userId, actionTs: action.action_ts });
    context.homes.note({ liveChatId: accessed.liveChat.id });
    return cardFor(context, place, userId);
  });
}

/** Replaces the card by the search for a process, which continues in start-process/. */
export async function startFromCard(context: SlackContext, body: BlockAction<ButtonAction>): Promise<void> {
  if (!body.view) return;
  const { private_metadata: metadata, id: viewId, title } = body.view;
  const words = await wordsFor(context, body.user.id);
  await changeView(context, { words, viewId, title: title.text }, async () => {
    const place = readPlace(metadata);
    const operated = await requireOperator(context, place.channelId, body.user.id);
    return startProcessModal(words, await startedFrom(context, operated, place));
  });
}
