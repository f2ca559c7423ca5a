import type { Words } from '../../words/words.ts';
import { AnsweredTooLateError } from '../answered-too-late.ts';
import type { Markup } from '../block-kit/markup.ts';
import { messageModal } from '../open-modal.ts';
import type { SlackContext } from '../slack-context.ts';
import { updateView } from '../update-view.ts';

/**
 * Closes a submitted modal after its work is done. If it took so long that the person was told to try again, the modal says
 * that it is done.
 */
export async function acknowledgeSaved(
  context: Pick<SlackContext, 'client'>,
  ack: () => Promise<void>,
  viewId: string,
  { words, title, text }: { words: Words; title: string; text: Markup },
): Promise<void> {
  try {
    await ack();
  } catch (error) {
    if (!(error instanceof AnsweredTooLateError)) throw error;
    await updateView(context, viewId, messageModal(words, title, text));
  }
}
