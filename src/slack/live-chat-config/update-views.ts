import type { types } from '@slack/bolt';
import { UserFacingError } from '../../errors.ts';
import type { Words } from '../../words/words.ts';
import { say } from '../block-kit/markup.ts';
import { errorMessage, messageModal } from '../open-modal.ts';
import type { SlackContext } from '../slack-context.ts';
import { updateView } from '../update-view.ts';

/** How long a submission's answer may be held back for the views below, in milliseconds. */
const refreshPatienceMs = 700;

/**
 * Brings the views below a submitted one up to date and returns when that is done, so that nobody sees them as they were,
 * or when it takes too long to hold back the answer for it. What was submitted is saved by now: a failure is logged.
 */
export async function refreshBelow({ logger }: Pick<SlackContext, 'logger'>, refresh: Promise<void>[]): Promise<void> {
  const done = Promise.all(refresh).catch((err) => logger.warn({ err }, 'views were not brought up to date'));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, refreshPatienceMs);
  });
  await Promise.race([done, late]).finally(() => clearTimeout(timer));
}

/**
 * Replaces the view that somebody clicked in with what `build` returns, or with its error: a click has no other answer.
 * An error that is not written for people is thrown on. Returns whether it went well.
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
