import type { ModalView } from '@slack/web-api';
import { putOffMs } from '../db/away.ts';
import { missingScopeOf, UserFacingError } from '../errors.ts';
import { type Message, message } from '../words/message.ts';
import type { Words } from '../words/words.ts';
import { slackLimits } from './block-kit/limits.ts';
import { type Markup, say } from './block-kit/markup.ts';
import { plainText, section } from './block-kit/text-objects.ts';
import type { SlackContext } from './slack-context.ts';
import { showIn } from './update-view.ts';

/**
 * The message for a person about an error. Unexpected errors that a person cannot correct get a generic message; details are
 * logged.
 */
export function errorMessage(error: unknown): Message {
  return error instanceof UserFacingError ? error.said : (missingScopeOf(error) ?? message('tryAgain'));
}

/** Slack did not open the modal, or refuses its content, so that it cannot show the error either. */
export class ModalNotOpenedError extends Error {
  override readonly name = 'ModalNotOpenedError';
}

/** A modal that shows only a text. */
export function messageModal(words: Words, title: string, text: Markup): ModalView {
  return {
    type: 'modal',
    title: plainText(title, slackLimits.viewTitle),
    close: plainText(words('button.close'), slackLimits.viewSubmit),
    blocks: [section(text)],
  };
}

/** How long a modal shows that it is loading before it says to try again, in milliseconds. */
const patienceMs = 3000;

export interface ModalRequest {
  words: Words;
  triggerId: string;
  title: string;
  /** `push`: on top of the current modal. */
  how?: 'open' | 'push';
}

/**
 * Opens a modal that shows it is loading, at once since a trigger id lives 3 seconds, then replaces it by the result of
 * `build`. If that fails or takes long, the modal says so and the error is rethrown. Throws {@link ModalNotOpenedError} if
 * there is no modal.
 *
 * @returns a function that shows another view there, unless the modal was closed or shows something newer
 */
export async function openModal(
  { client }: Pick<SlackContext, 'client'>,
  { words, triggerId, title, how = 'open' }: ModalRequest,
  build: (viewId: string) => Promise<ModalView>,
): Promise<(view: ModalView) => Promise<boolean>> {
  const loading = messageModal(words, title, say(words, 'loading'));
  const opened = await client.views[how]({ trigger_id: triggerId, view: loading }).catch((cause) => {
    throw new ModalNotOpenedError('no modal could be opened', { cause });
  });
  const viewId = opened.view?.id ?? '';
  const update = showIn({ client }, viewId, opened.view?.hash);
  let updating: Promise<unknown> = Promise.resolve();
  const show = (view: ModalView) => {
    // Updates run one after another, so that the last one stays.
    updating = updating.catch(() => {}).then(() => update(view));
    return updating.catch((cause) => {
      throw putOffMs(cause) === undefined ? cause : new ModalNotOpenedError('a modal is left loading', { cause });
    });
  };
  const timer = setTimeout(
    () => void show(messageModal(words, title, say(words, 'tryAgain'))).catch(() => {}),
    patienceMs,
  );
  let view: ModalView;
  try {
    view = await build(viewId);
  } catch (error) {
    await show(messageModal(words, title, say(words, errorMessage(error))));
    if (error instanceof UserFacingError) return update;
    throw error;
  } finally {
    clearTimeout(timer);
  }
  await show(view);
  return update;
}
