import { listBindings } from '../../bindings/queries.ts';
import type { Words } from '../../words/words.ts';
import type { SlackContext } from '../slack-context.ts';
import { requireBinding } from './bound-processes.ts';
import { pastModal } from './past-view.ts';
import { pushModal } from './push-modal.ts';
import { requireLiveChat } from './require-live-chat.ts';
import { tryBinding } from './try-binding.ts';
import type { BindingPlace, ViewAction } from './view-request.ts';

/** *Try it on the past* in a binding's menu. */
export async function openPast(context: SlackContext, action: ViewAction, place: BindingPlace): Promise<void> {
  const title = (words: Words) => words('processes.past');
  await pushModal(context, action, title, async (words) => {
    const liveChat = await requireLiveChat(context, place.liveChatId);
    const { binding } = await requireBinding(context, place);
    const bound = await listBindings(context.db, context.identity.teamId, place.liveChatId);
    return pastModal(words, binding, await tryBinding(context, liveChat, binding, bound));
  });
}
