import type { SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import type { ModalView } from '@slack/web-api';
import { UserFacingError } from '../../errors.ts';
import { platformError } from '../directory.ts';
import { messageModal, tryAgain } from '../open-modal.ts';
import type { SlackContext } from '../slack-context.ts';
import { within } from './in-time.ts';

export type Submission = SlackViewMiddlewareArgs<ViewSubmitAction>;

/** An update that overtakes the answer to the submission would be lost under it; they go separate ways to Slack. */
const settleMs = 500;

/** Puts another view into an open modal. False: the modal was closed. */
export async function updateModal(
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

/**
 * Answers a submission with the view that `build` makes. If that takes long, the modal shows `meanwhile` until it is
 * there. An error is thrown before the answer (see tell-faults.ts), or told in the modal and thrown after it.
 *
 * @returns false if the modal was closed before the view was there
 */
export async function answerWithView(
  context: SlackContext,
  { ack, view }: Submission,
  build: () => Promise<ModalView>,
  meanwhile: ModalView,
): Promise<boolean> {
  const building = build();
  const inTime = await within(building);
  if (inTime) {
    await ack({ response_action: 'update', view: inTime });
    return true;
  }
  await ack({ response_action: 'update', view: meanwhile });
  return showLate(context, view.id, view.title.text, building);
}

/** The same for a button in a modal, whose click is acknowledged already. */
export async function updateWithView(
  context: SlackContext,
  view: { id: string; title: { text: string } },
  build: () => Promise<ModalView>,
  meanwhile: ModalView,
): Promise<boolean> {
  await updateModal(context, view.id, meanwhile);
  return showLate(context, view.id, view.title.text, build());
}

async function showLate(
  context: SlackContext,
  viewId: string,
  title: string,
  building: Promise<ModalView>,
): Promise<boolean> {
  const settled = new Promise((resolve) => setTimeout(resolve, settleMs));
  try {
    const view = await building;
    await settled;
    return await updateModal(context, viewId, view);
  } catch (error) {
    await settled;
    const text = error instanceof UserFacingError ? error.message : tryAgain;
    await updateModal(context, viewId, messageModal(title, text));
    if (error instanceof UserFacingError) return true;
    throw error;
  }
}
