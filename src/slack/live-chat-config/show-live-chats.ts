import type {
  AllMiddlewareArgs,
  BlockSuggestion,
  SlackActionMiddlewareArgs,
  SlackCommandMiddlewareArgs,
  SlackOptionsMiddlewareArgs,
  types,
} from '@slack/bolt';
import { listBoundEvents } from '../../bindings/queries.ts';
import { listLiveChats } from '../../live-chats/queries.ts';
import { searchText, searchWords } from '../../processes/search-text.ts';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { plainText } from '../block-kit/text-objects.ts';
import { openModal } from '../open-modal.ts';
import { assertAdministrator, isAdministrator } from '../rights/administrator.ts';
import type { SlackContext } from '../slack-context.ts';
import { updateView } from '../update-view.ts';
import { wordsFor } from '../words-for.ts';
import { type ListPlace, listBeginning, listPlaceSchema } from './list-place.ts';
import { type LiveChatRow, liveChatsCallbackId, liveChatsModal } from './live-chats-view.ts';
import { changeView } from './update-views.ts';
import { readMetadata, readViewAction, type ViewAction } from './view-request.ts';

/** `/livechat-config`: opens the list of live chats. */
export function showLiveChats(context: SlackContext) {
  return async ({ command, ack }: SlackCommandMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const words = await wordsFor(context, command.user_id);
    await assertAdministrator(context, command.user_id);
    await ack();
    const request = { words, triggerId: command.trigger_id, title: words('liveChats.title') };
    await openModal(context, request, () => liveChatsView(context, words, listBeginning));
  };
}

/** A click that changes the position in the list; `move` returns the new one. */
export function moveInList(context: SlackContext, move: (place: ListPlace, action: ViewAction) => ListPlace) {
  return async ({ body, ack }: SlackActionMiddlewareArgs): Promise<void> => {
    const action = readViewAction(body);
    const words = await wordsFor(context, action.userId);
    const request = { words, viewId: action.viewId, title: words('liveChats.title') };
    await changeView(context, request, async () => {
      await assertAdministrator(context, action.userId);
      return liveChatsView(context, words, move(readMetadata(listPlaceSchema, action.metadata), action));
    });
    await ack();
  };
}

/** Serves the options of *Find a live chat*. */
export function suggestLiveChats(context: SlackContext) {
  return async ({ body, ack }: SlackOptionsMiddlewareArgs<'block_suggestion'>): Promise<void> => {
    const options = (await mayFind(context, body)) ? await findLiveChats(context, body.value) : [];
    await ack({ options });
  };
}

async function mayFind(context: SlackContext, { view, user }: BlockSuggestion): Promise<boolean> {
  return view?.callback_id === liveChatsCallbackId && (await isAdministrator(context, user.id));
}

async function findLiveChats({ db, identity }: SlackContext, query: string): Promise<types.PlainTextOption[]> {
  const sought = searchWords(query);
  const found = (await listLiveChats(db, identity.teamId)).filter(({ name }) => {
    const text = searchText(name);
    return sought.every((word) => text.includes(word));
  });
  return found
    .slice(0, slackLimits.selectOptions)
    .map(({ id, name }) => ({ text: plainText(name, slackLimits.optionText), value: id }));
}

/** The current list of live chats. */
export async function liveChatsView(
  { db, identity }: SlackContext,
  words: Words,
  place: ListPlace,
): Promise<types.ModalView> {
  const [liveChats, boundEvents] = await Promise.all([
    listLiveChats(db, identity.teamId),
    listBoundEvents(db, identity.teamId),
  ]);
  const rows = new Map(liveChats.map((liveChat): [string, LiveChatRow] => [liveChat.id, { liveChat, bound: [] }]));
  for (const { liveChatId, event, processName } of boundEvents)
    rows.get(liveChatId)?.bound.push({ event, processName });
  return liveChatsModal(words, [...rows.values()], place);
}

/** Updates the list in the view below the current one. */
export async function refreshLiveChats(
  context: SlackContext,
  words: Words,
  rootViewId: string,
  place: ListPlace,
): Promise<void> {
  await updateView(context, rootViewId, await liveChatsView(context, words, place));
}
