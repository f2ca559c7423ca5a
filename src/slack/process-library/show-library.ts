import type { BlockSuggestion, SlackActionMiddlewareArgs, SlackOptionsMiddlewareArgs, types } from '@slack/bolt';
import type { Words } from '../../words/words.ts';
import { listBeginning } from '../live-chat-config/list-place.ts';
import { pushModal } from '../live-chat-config/push-modal.ts';
import { liveChatsView } from '../live-chat-config/show-live-chats.ts';
import { changeView } from '../live-chat-config/update-views.ts';
import { readMetadata, readViewAction, type ViewAction } from '../live-chat-config/view-request.ts';
import { assertAdministrator, isAdministrator } from '../rights/administrator.ts';
import { processOfOption, processOptionGroups } from '../search-processes/process-search-block.ts';
import type { SlackContext } from '../slack-context.ts';
import { updateView } from '../update-view.ts';
import { wordsFor } from '../words-for.ts';
import { withUsers } from './all-processes.ts';
import { type LibraryPlace, libraryPlaceSchema } from './library-place.ts';
import { faultsModal, libraryCallbackId, libraryModal, processesPerPage } from './library-view.ts';

/** A click that shows the list of processes; `move` returns the position in it. */
export function showLibrary(context: SlackContext, move: (action: ViewAction) => LibraryPlace) {
  return changingTo(
    context,
    (words) => words('library.title'),
    (words, action) => libraryView(context, words, move(action)),
  );
}

export function backToLiveChats(context: SlackContext) {
  return changingTo(
    context,
    (words) => words('liveChats.title'),
    (words) => liveChatsView(context, words, listBeginning),
  );
}

function changingTo(
  context: SlackContext,
  title: (words: Words) => string,
  build: (words: Words, action: ViewAction) => Promise<types.ModalView>,
) {
  return async ({ body, ack }: SlackActionMiddlewareArgs): Promise<void> => {
    const action = readViewAction(body);
    const words = await wordsFor(context, action.userId);
    await changeView(context, { words, viewId: action.viewId, title: title(words) }, async () => {
      await assertAdministrator(context, action.userId);
      return build(words, action);
    });
    await ack();
  };
}

/** The button beside the number of faulty files. */
export function showFaults(context: SlackContext) {
  return async ({ body, ack }: SlackActionMiddlewareArgs): Promise<void> => {
    const action = readViewAction(body);
    await ack();
    await pushModal(
      context,
      action,
      (words) => words('library.faultsTitle'),
      async (words) =>
        faultsModal(words, { faults: context.library?.listFaults() ?? [], people: context.unknownPeople.list() }),
    );
  };
}

/** Serves the options of *Find a process*. */
export function suggestProcesses(context: SlackContext) {
  return async ({ body, ack }: SlackOptionsMiddlewareArgs<'block_suggestion'>): Promise<void> => {
    const words = await wordsFor(context, body.user.id);
    const found = (await mayFind(context, body))
      ? context.allProcesses().search(body.value, { withOff: true })
      : { groups: [], more: 0 };
    const groups = processOptionGroups(words, found);
    await ack(groups.length > 0 ? { option_groups: groups } : { options: [] });
  };
}

async function mayFind(context: SlackContext, { view, user }: BlockSuggestion): Promise<boolean> {
  return view?.callback_id === libraryCallbackId && (await isAdministrator(context, user.id));
}

/** The current list of processes. */
export async function libraryView(context: SlackContext, words: Words, place: LibraryPlace): Promise<types.ModalView> {
  const { library } = context;
  const catalogue = context.allProcesses();
  const found = place.found === undefined ? undefined : processOfOption(catalogue, place.found);
  const pages = Math.max(1, Math.ceil(catalogue.size / processesPerPage));
  const page = Math.min(place.page, pages - 1);
  const shown = found ? [found] : catalogue.list().slice(page * processesPerPage, (page + 1) * processesPerPage);
  const files = new Set((library?.listFaults() ?? []).map(({ file }) => file));
  return libraryModal(
    words,
    {
      rows: await withUsers(context, shown),
      page,
      pages,
      count: catalogue.size,
      isFound: found !== undefined,
      faults: files.size,
      doubts: context.unknownPeople.list().length,
      canAdd: library !== undefined,
      facts: factsOf(context),
    },
    { page, ...(found && place.found !== undefined && { found: place.found }) },
  );
}

export function factsOf({ library }: SlackContext) {
  return { library, byEvents: new Set(library?.listStartedByEvents().map(({ id }) => id)) };
}

/** Updates the list in the view below the current one. */
export async function refreshLibrary(
  context: SlackContext,
  words: Words,
  rootViewId: string,
  place: LibraryPlace,
): Promise<void> {
  await updateView(context, rootViewId, await libraryView(context, words, place));
}

export const placeOf = ({ metadata }: ViewAction): LibraryPlace => readMetadata(libraryPlaceSchema, metadata);
