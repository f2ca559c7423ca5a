import type { ModalView } from '@slack/web-api';
import { platformError } from './platform-error.ts';
import type { SlackContext } from './slack-context.ts';

/** Updates an open modal. Returns false if it was closed. */
export async function updateView(
  context: Pick<SlackContext, 'client'>,
  viewId: string,
  view: ModalView,
): Promise<boolean> {
  return showIn(context, viewId)(view);
}

/**
 * Shows one view after another in an open modal, until somebody else shows another view there. `hash`: that of the current
 * view; without it, the first view replaces any.
 *
 * @returns a function that shows a view, and returns false if the modal was closed or shows something newer
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
