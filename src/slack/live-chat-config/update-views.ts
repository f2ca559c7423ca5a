import type { types } from '@slack/bolt';
import { UserFacingError } from '../../errors.ts';
import { platformError } from '../directory.ts';
import { messageModal, tryAgain } from '../open-modal.ts';
import type { SlackContext } from '../slack-context.ts';

/** Shows another view in place of this one, unless it was closed meanwhile. */
export async function updateIfOpen(
  { client }: Pick<SlackContext, 'client'>,
  viewId: string,
  view: types.ModalView,
): Promise<void> {
  try {
    await client.views.update({ view_id: viewId, view });
  } catch (error) {
    if (platformError(error) !== 'not_found') throw error;
  }
}

/**
 * Replaces the view that somebody clicked in with what `build` returns, or with its error: a click has no other answer.
 * An error that is not written for people is thrown on.
 */
export async function changeView(
  context: Pick<SlackContext, 'client'>,
  viewId: string,
  title: string,
  build: () => Promise<types.ModalView>,
): Promise<void> {
  let view: types.ModalView;
  try {
    view = await build();
  } catch (error) {
    const isMeant = error instanceof UserFacingError;
    await updateIfOpen(context, viewId, messageModal(title, isMeant ? error.message : tryAgain));
    if (isMeant) return;
    throw error;
  }
  await updateIfOpen(context, viewId, view);
}
