import type { types } from '@slack/bolt';
import { UserFacingError } from '../../errors.ts';
import { withTimeout } from '../../with-timeout.ts';
import type { Words } from '../../words/words.ts';
import { say } from '../block-kit/markup.ts';
import { errorMessage, messageModal } from '../open-modal.ts';
import type { SlackContext } from '../slack-context.ts';
import { updateView } from '../update-view.ts';

/** How long the answer to a submission may be delayed to update the views below, in milliseconds. */
const refreshPatienceMs = 700;

/**
 * Updates the views below a submitted one, so that nobody sees them outdated; returns when that is done or takes too long. The
 * submission is saved by now, so a failure is only logged.
 */
export async function refreshBelow({ logger }: Pick<SlackContext, 'logger'>, refresh: Promise<void>[]): Promise<void> {
  const done = Promise.all(refresh).catch((err) => logger.warn({ err }, 'views could not be updated'));
  await withTimeout(done, refreshPatienceMs).catch(() => {});
}

/**
 * Replaces the clicked view by the result of `build`, or by its error: a click has no other answer. Errors that are not meant
 * for people are rethrown. Returns whether it succeeded.
 */
export async function changeView(
  context: Pick<SlackContext, 'client'>,
  { words, viewId, title }: { words: Words; viewId: string; title: string },
  build: () => Promise<types.ModalView>,
): Promise<boolean> {
  let view: types.ModalView;
  try {
    view = await build();
  } catch (error) {
    await updateView(context, viewId, messageModal(words, title, say(words, errorMessage(error))));
    if (error instanceof UserFacingError) return false;
    throw error;
  }
  await updateView(context, viewId, view);
  return true;
}
