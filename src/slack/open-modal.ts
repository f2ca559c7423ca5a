import type { ModalView } from '@slack/web-api';
import { UserFacingError } from '../errors.ts';
import type { SlackContext } from './slack-context.ts';

/** Shown for what nobody expected: what a person cannot mend is not explained to them, but logged. */
export const tryAgain = 'Kickoff cannot do this right now. Please try again in a moment.';

/** A modal with nothing but words. */
export function messageModal(title: string, text: string): ModalView {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: title },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }],
  };
}

/**
 * Opens a modal that says it is loading, at once because a trigger id lives 3 seconds, then replaces it with what `build`
 * returns. If that throws, the modal says so instead of loading for ever, and the error is thrown on.
 */
export async function openModal(
  { client }: Pick<SlackContext, 'client'>,
  triggerId: string,
  title: string,
  build: (viewId: string) => Promise<ModalView>,
  how: 'open' | 'push' = 'open',
): Promise<void> {
  const opened = await client.views[how]({ trigger_id: triggerId, view: messageModal(title, 'Loading…') });
  const viewId = opened.view?.id ?? '';
  let view: ModalView;
  try {
    view = await build(viewId);
  } catch (error) {
    const text = error instanceof UserFacingError ? error.message : tryAgain;
    await client.views.update({ view_id: viewId, view: messageModal(title, text) });
    if (error instanceof UserFacingError) return;
    throw error;
  }
  await client.views.update({ view_id: viewId, view });
}
