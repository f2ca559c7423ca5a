import type { App, BlockAction, ButtonAction, MessageShortcut, ViewSubmitAction } from '@slack/bolt';
import type { SlackContext } from '../slack-context.ts';
import { placeOfShortcut } from '../start-process/start-place.ts';
import { cardActions } from './card-view.ts';
import { askForClient, askForName, saveClient, saveName, suggestClients } from './edit-session.ts';
import { clientActionId, clientCallbackId, nameCallbackId } from './edit-views.ts';
import {
  askForVariable,
  cancelFromCard,
  type Mend,
  mend,
  moveFromCard,
  retryFromCard,
  saveVariable,
} from './mend-start.ts';
import { openCard } from './show-card.ts';
import { showDiagram } from './show-diagram.ts';
import {
  bringBack,
  closeByHand,
  reopenByHand,
  type Steer,
  startFromCard,
  steer,
  steerFromSpam,
  steerToSpam,
} from './steer.ts';
import { variableCallbackId } from './variable-view.ts';

type Click = BlockAction<ButtonAction>;

/** The session card, opened by message shortcut or command, and its actions. */
export function registerSessionCard(app: App, context: SlackContext): void {
  app.shortcut<MessageShortcut>({ callback_id: 'session', type: 'message_action' }, async ({ ack, shortcut }) => {
    await ack();
    const { trigger_id: triggerId, user } = shortcut;
    await openCard(context, { place: () => placeOfShortcut(context, shortcut), triggerId, userId: user.id });
  });
  app.command('/livechat-session', async ({ ack, command }) => {
    await ack();
    const { channel_id: channelId, trigger_id: triggerId, user_id: userId } = command;
    await openCard(context, { place: async () => ({ channelId }), triggerId, userId });
  });
  const steers: [string, Steer][] = [
    [cardActions.markSpam, steerToSpam],
    [cardActions.unmarkSpam, steerFromSpam],
    [cardActions.close, closeByHand],
    [cardActions.reopen, reopenByHand],
    [cardActions.rejoin, bringBack],
  ];
  for (const [actionId, change] of steers) {
    app.action<Click>(actionId, async ({ ack, action, body }) => {
      await ack();
      await steer(context, { action, body }, change);
    });
  }
  const mends: [string, Mend][] = [
    [cardActions.retry, retryFromCard],
    [cardActions.move, moveFromCard],
    [cardActions.cancelStart, cancelFromCard],
  ];
  for (const [actionId, change] of mends) {
    app.action<Click>(actionId, async ({ ack, action, body }) => {
      await ack();
      await mend(context, { action, body }, change);
    });
  }
  app.action<Click>(cardActions.setVariable, async ({ ack, action, body }) => {
    await ack();
    await askForVariable(context, action, body);
  });
  app.view<ViewSubmitAction>(variableCallbackId, (submission) => saveVariable(context, submission));
  app.action<Click>(cardActions.diagram, async ({ ack, action, body }) => {
    await ack();
    await showDiagram(context, { action, body });
  });
  const opens: [string, (context: SlackContext, body: Click) => Promise<void>][] = [
    [cardActions.start, startFromCard],
    [cardActions.correctClient, askForClient],
    [cardActions.rename, askForName],
  ];
  for (const [actionId, open] of opens) {
    app.action<Click>(actionId, async ({ ack, body }) => {
      await ack();
      await open(context, body);
    });
  }
  app.options<'block_suggestion'>({ type: 'block_suggestion', action_id: clientActionId }, async ({ ack, body }) => {
    await ack({ options: await suggestClients(context, body) });
  });
  app.view<ViewSubmitAction>(clientCallbackId, (submission) => saveClient(context, submission));
  app.view<ViewSubmitAction>(nameCallbackId, (submission) => saveName(context, submission));
}
