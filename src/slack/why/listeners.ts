import type { App, MessageShortcut } from '@slack/bolt';
import { openModal } from '../open-modal.ts';
import { accessSession } from '../rights/access-session.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { explainMessage } from './explain-message.ts';
import { whyModal } from './why-view.ts';

/** *Why (not) a process?*: explains what happened to a message, to people who may see its session. */
export function registerWhy(app: App, context: SlackContext): void {
  app.shortcut<MessageShortcut>({ callback_id: 'why', type: 'message_action' }, async ({ ack, shortcut }) => {
    await ack();
    const words = await wordsFor(context, shortcut.user.id);
    await openModal(context, { words, triggerId: shortcut.trigger_id, title: words('why.title') }, async () => {
      const accessed = await accessSession(context, shortcut.channel.id, shortcut.user.id);
      return whyModal(await explainMessage(context, words, accessed, shortcut.message), words);
    });
  });
}
