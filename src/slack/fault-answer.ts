import { message } from '../words/message.ts';
import type { Words } from '../words/words.ts';
import { notification, say } from './block-kit/markup.ts';
import { errorMessage, messageModal } from './open-modal.ts';

/** The fields of an interaction that are needed to answer it. */
interface InteractionBody {
  type?: string;
  command?: string;
  view?: { title: { text: string }; blocks?: { type: string; block_id?: string }[] };
}

/**
 * The acknowledgement that reports an error in the submitted modal, or as the answer to a command. The person's input stays.
 * Returns undefined if this kind of interaction cannot show text.
 */
export function faultAnswer(words: Words, body: InteractionBody, error: unknown): Record<string, unknown> | undefined {
  const said = errorMessage(error);
  if (body.command) return { response_type: 'ephemeral', text: notification(say(words, said)) };
  if (body.type === 'block_suggestion') return { options: [] };
  if (body.type !== 'view_submission' || !body.view) return undefined;
  const input = body.view.blocks?.find((block) => block.type === 'input');
  // At a field, Slack shows plain text, in which a person cannot be mentioned.
  const namesPerson = Object.values(said.values).some(
    (value) => typeof value === 'object' && value !== null && 'user' in value,
  );
  return input?.block_id && !namesPerson
    ? { response_action: 'errors', errors: { [input.block_id]: words(said) } }
    : { response_action: 'update', view: messageModal(words, body.view.title.text, say(words, said)) };
}

/**
 * The acknowledgement of a malformed interaction, of which only the kind is known. A submitted modal is replaced, since an
 * empty answer would close it as if all were well.
 */
export function unreadableAnswer(words: Words, body: unknown): Record<string, unknown> | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const text = words('unreadable');
  if ('command' in body) return { response_type: 'ephemeral', text };
  const type = 'type' in body ? body.type : undefined;
  if (type === 'block_suggestion') return { options: [] };
  return type === 'view_submission'
    ? {
        response_action: 'update',
        view: messageModal(words, words('unreadable.title'), say(words, message('unreadable'))),
      }
    : undefined;
}
