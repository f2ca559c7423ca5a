import type { types } from '@slack/bolt';
import { type Binding, listBindings } from '../../bindings/queries.ts';
import { UserFacingError } from '../../errors.ts';
import { message } from '../../words/message.ts';
import type { Words } from '../../words/words.ts';
import type { Markup } from '../block-kit/markup.ts';
import type { SlackContext } from '../slack-context.ts';
import { updateView } from '../update-view.ts';
import { processesModal } from './processes-view.ts';
import { requireLiveChat } from './require-live-chat.ts';
import type { BindingPlace, LiveChatPlace } from './view-request.ts';

/** A binding and its index among those of its event. Throws a UserFacingError if it or its live chat is gone. */
export async function requireBinding(
  context: SlackContext,
  { liveChatId, bindingId }: BindingPlace,
): Promise<{ binding: Binding; position: number; count: number }> {
  await requireLiveChat(context, liveChatId);
  const bindings = await listBindings(context.db, context.identity.teamId, liveChatId);
  const binding = bindings.find(({ id }) => id === bindingId);
  if (!binding) throw new UserFacingError(message('binding.gone'));
  const ofEvent = bindings.filter(({ event }) => event === binding.event);
  return { binding, position: ofEvent.indexOf(binding), count: ofEvent.length };
}

/** The modal that lists the bindings of a live chat's events. */
export async function processesView(
  context: SlackContext,
  words: Words,
  { liveChatId, list }: LiveChatPlace,
  notice?: Markup,
): Promise<types.ModalView> {
  const liveChat = await requireLiveChat(context, liveChatId);
  const bindings = await listBindings(context.db, context.identity.teamId, liveChatId);
  const catalogue = context.catalogue();
  const bound = bindings.map((binding) => ({ binding, definition: catalogue.get(binding.processDefinitionId) }));
  return processesModal(words, liveChat, bound, { liveChatId, list }, notice);
}

/** Updates the list in the view below. */
export async function refreshProcesses(
  context: SlackContext,
  words: Words,
  viewId: string | undefined,
  place: LiveChatPlace,
): Promise<void> {
  if (viewId) await updateView(context, viewId, await processesView(context, words, place));
}
