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

/** What to tell of an error: what nobody expected and a person cannot mend is not explained to them, but logged. */
export function errorMessage(error: unknown): Message {
  return error instanceof UserFacingError ? error.said : (missingScopeOf(error) ?? message('tryAgain'));
}

/** Slack opened no modal, or takes nothing to show in it: there is none that could say what went wrong. */
export class ModalNotOpenedError extends Error {
  override readonly name = 'ModalNotOpenedError';
}

/** A modal with nothing but a text. */
export function messageModal(words: Words, title: string, text: Markup): ModalView {
  return {
    type: 'modal',
    title: plainText(title, slackLimits.viewTitle),
    close: plainText(words('button.close'), slackLimits.viewSubmit),
    blocks: [section(text)],
  };
}

/** How long a modal says that it is loading before it says to try again, in milliseconds. */
const patienceMs = 3000;

export interface ModalRequest {
  words: Words;
  triggerId: string;
  title: string;
  /** `push`: on top of the modal that is open. */
  how?: 'open' | 'push';
}

/**
 * Opens a modal that says it is loading, at once because a trigger id lives 3 seconds, then replaces it with what `build`
 * returns. If that throws or takes long, the modal says so instead of loading for ever, and an error is thrown on. Throws
 * {@link ModalNotOpenedError} if there is no modal.
 *
 * @returns shows another view there, unless the modal was closed or shows something newer
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
    // One after the other, so that the last word is what stays.
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
