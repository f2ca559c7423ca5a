import type { ModalView } from '@slack/web-api';
import { platformError } from './platform-error.ts';
import type { SlackContext } from './slack-context.ts';

/** Puts another view into an open modal. False: the modal was closed. */
export async function updateView(
  context: Pick<SlackContext, 'client'>,
  viewId: string,
  view: ModalView,
): Promise<boolean> {
  return showIn(context, viewId)(view);
}

/**
 * Puts one view after the other into an open modal. Once somebody else has put another one there, that one stays. `hash`:
 * that of the view that is there; without it, the first view replaces whatever is.
 *
 * @returns shows a view. False: the modal was closed, or shows something newer
 */
export function showIn(
  { client }: Pick<SlackContext, 'client'>,
  viewId: string,
  hash?: string,
): (view: ModalView) => Promise<boolean> {
  let known = hash;
  return async (view) => {
    try {
      const answer = await client.views.update({ view_id: viewId, view, ...(known && { hash: known }) });
      known = answer.view?.hash;
      return true;
    } catch (error) {
      if (['not_found', 'hash_conflict'].includes(platformError(error) ?? '')) return false;
      throw error;
    }
  };
}
