import type { MessageShortcut } from '@slack/bolt';
import { openModal } from '../open-modal.ts';
import type { SlackContext } from '../slack-context.ts';
import { requireOperator } from './require-operator.ts';
import { startedFrom } from './start-facts.ts';
import { placeOfShortcut } from './start-place.ts';
import { startProcessModal, startProcessTitle } from './views.ts';

/** The message shortcut: shows the search for a process, or why this person cannot start one here. */
export async function openStartProcess(context: SlackContext, shortcut: MessageShortcut): Promise<void> {
  await openModal(context, shortcut.trigger_id, startProcessTitle, async () => {
    const place = placeOfShortcut(shortcut);
    const operated = await requireOperator(context, place.channelId, shortcut.user.id);
    return startProcessModal(await startedFrom(context, operated, place));
  });
}
