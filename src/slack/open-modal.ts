import type { ModalView } from '@slack/web-api';
import { UserFacingError } from '../errors.ts';
import type { SlackContext } from './slack-context.ts';
import { updateView } from './update-view.ts';

/** Shown for what nobody expected: what a person cannot mend is not explained to them, but logged. */
export const tryAgain = 'Kickoff cannot do this right now. Please try again in a moment.';

/** Slack opened no modal, so there is none that could say what went wrong. */
export class ModalNotOpenedError extends Error {
  override readonly name = 'ModalNotOpenedError';
}

/** A modal with nothing but words. */
export function messageModal(title: string, text: string): ModalView {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: title },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }],
  };
}

/** How long a modal says that it is loading before it says to try again, in milliseconds. */
const patienceMs = 3000;

/**
 * Opens a modal that says it is loading, at once because a trigger id lives 3 seconds, then replaces it with what `build`
 * returns. If that throws or takes long, the modal says so instead of loading for ever, and an error is thrown on. Throws
 * {@link ModalNotOpenedError} if there is no modal.
 */
export async function openModal(
  { client }: Pick<SlackContext, 'client'>,
  triggerId: string,
  title: string,
  build: (viewId: string) => Promise<ModalView>,
  how: 'open' | 'push' = 'open',
): Promise<void> {
  const loading = messageModal(title, 'Loading…');
  const opened = await client.views[how]({ trigger_id: triggerId, view: loading }).catch((cause) => {
    throw new ModalNotOpenedError('no modal could be opened', { cause });
  });
  const viewId = opened.view?.id ?? '';
  let updating: Promise<unknown> = Promise.resolve();
  const show = (view: ModalView) => {
    // One after the other, so that the last word is what stays.
    updating = updating.catch(() => {}).then(() => updateView({ client }, viewId, view));
    return updating;
  };
  const timer = setTimeout(() => void show(messageModal(title, tryAgain)).catch(() => {}), patienceMs);
  let view: ModalView;
  try {
    view = await build(viewId);
  } catch (error) {
    const text = error instanceof UserFacingError ? error.message : tryAgain;
    await show(messageModal(title, text));
    if (error instanceof UserFacingError) return;
    throw error;
  } finally {
    clearTimeout(timer);
  }
  await show(view);
}
