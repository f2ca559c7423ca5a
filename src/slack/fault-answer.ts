import type { Words } from '../words/words.ts';
import { errorText, messageModal } from './open-modal.ts';

/** What we read of an interaction to answer it. */
interface InteractionBody {
  type?: string;
  command?: string;
  view?: { title: { text: string }; blocks: { type: string; block_id?: string }[] };
}

/**
 * The acknowledgement that tells a person that what they asked for failed, in the modal they submitted or as the answer to
 * their command. What they typed stays. Undefined: this kind of interaction has no room for words.
 */
export function faultAnswer(words: Words, body: InteractionBody, error: unknown): Record<string, unknown> | undefined {
  const text = errorText(words, error);
  if (body.command) return { response_type: 'ephemeral', text };
  if (body.type === 'block_suggestion') return { options: [] };
  if (body.type !== 'view_submission' || !body.view) return undefined;
  const input = body.view.blocks.find((block) => block.type === 'input');
  return input?.block_id
    ? { response_action: 'errors', errors: { [input.block_id]: text } }
    : { response_action: 'update', view: messageModal(words, body.view.title.text, text) };
}
