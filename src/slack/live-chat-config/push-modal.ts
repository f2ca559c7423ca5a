import type { ModalView } from '@slack/web-api';
import type { Words } from '../../words/words.ts';
import { openModal } from '../open-modal.ts';
import { assertAdministrator } from '../rights/administrator.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import type { ViewAction } from './view-request.ts';

/** Opens a modal on top of the current one. A person who is not an administrator sees that message in it. */
export async function pushModal(
  context: SlackContext,
  { userId, triggerId }: Pick<ViewAction, 'userId' | 'triggerId'>,
  title: (words: Words) => string,
  build: (words: Words) => Promise<ModalView>,
): Promise<void> {
  const words = await wordsFor(context, userId);
  await openModal(context, { words, triggerId, title: title(words), how: 'push' }, async () => {
    await assertAdministrator(context, userId);
    return build(words);
  });
}
