import type { MessageShortcut } from '@slack/bolt';
import { openModal } from '../open-modal.ts';
import { requireOperator } from '../rights/require-operator.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { startedFrom } from './start-facts.ts';
import { placeOfShortcut } from './start-place.ts';
import { startProcessModal } from './views.ts';

/** The message shortcut: opens the search for a process, or says why this person cannot start one here. */
export async function openStartProcess(context: SlackContext, shortcut: MessageShortcut): Promise<void> {
  const words = await wordsFor(context, shortcut.user.id);
  const request = { words, triggerId: shortcut.trigger_id, title: words('startProcess.title') };
  await openModal(context, request, async () => {
    const place = await placeOfShortcut(context, shortcut);
    const operated = await requireOperator(context, place.channelId, shortcut.user.id);
    return startProcessModal(words, await startedFrom(context, operated, place));
  });
}
