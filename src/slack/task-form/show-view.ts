import type { SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import type { ModalView } from '@slack/web-api';
import { UserFacingError } from '../../errors.ts';
import type { Words } from '../../words/words.ts';
import { AnsweredTooLateError } from '../answered-too-late.ts';
import { say } from '../block-kit/markup.ts';
import { errorMessage, messageModal } from '../open-modal.ts';
import type { Patience } from '../patience.ts';
import type { SlackContext } from '../slack-context.ts';
import { showIn } from '../update-view.ts';

export type Submission = SlackViewMiddlewareArgs<ViewSubmitAction>;

/**
 * Answers a submission with the view that `build` returns. If that takes long, the modal shows `meanwhile` until then. Errors
 * are thrown before the answer (see deliveries.ts), or shown in the modal and thrown after it.
 *
 * @returns false if the modal was closed before the view was ready
 */
export async function answerWithView(
  context: SlackContext,
  words: Words,
  { ack, view }: Submission,
  { within }: Patience,
  build: () => Promise<ModalView>,
  meanwhile: ModalView,
): Promise<boolean> {
  const building = build();
  const inTime = await within(building);
  try {
    await ack({ response_action: 'update', view: inTime ?? meanwhile });
    if (inTime) return true;
  } catch (error) {
    // The person was told to try again, but the work goes on and its result is shown.
    if (!(error instanceof AnsweredTooLateError)) throw error;
  }
  return showLate(context, words, view.title.text, building, showIn(context, view.id));
}

/** The same for a button in a modal, whose click is already acknowledged. */
export async function updateWithView(
  context: SlackContext,
  words: Words,
  view: { id: string; title: { text: string } },
  build: () => Promise<ModalView>,
  meanwhile: ModalView,
): Promise<boolean> {
  const show = showIn(context, view.id);
  await show(meanwhile);
  return showLate(context, words, view.title.text, build(), show);
}

async function showLate(
  { timings }: SlackContext,
  words: Words,
  title: string,
  building: Promise<ModalView>,
  show: (view: ModalView) => Promise<boolean>,
): Promise<boolean> {
  const settled = new Promise((resolve) => setTimeout(resolve, timings.tasks.settleMs));
  try {
    const view = await building;
    await settled;
    return await show(view);
  } catch (error) {
    await settled;
    await show(messageModal(words, title, say(words, errorMessage(error))));
    if (error instanceof UserFacingError) return true;
    throw error;
  }
}
