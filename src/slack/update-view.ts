import type { ModalView } from '@slack/web-api';
import { platformError } from './platform-error.ts';
import type { SlackContext } from './slack-context.ts';

/** Puts another view into an open modal. False: the modal was closed. */
export async function updateView(
  { client }: Pick<SlackContext, 'client'>,
  viewId: string,
  view: ModalView,
): Promise<boolean> {
  try {
    await client.views.update({ view_id: viewId, view });
    return true;
  } catch (error) {
    if (platformError(error) === 'not_found') return false;
    throw error;
  }
}
