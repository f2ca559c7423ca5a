import type { SlackActionMiddlewareArgs, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import { mostRows } from '../../bindings/condition.ts';
import { changeTerms, listBindings, moveBinding } from '../../bindings/queries.ts';
import { UserFacingError } from '../../errors.ts';
import { message } from '../../words/message.ts';
import type { Words } from '../../words/words.ts';
import { markup, say } from '../block-kit/markup.ts';
import { section } from '../block-kit/text-objects.ts';
import { assertAdministrator } from '../rights/administrator.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { acknowledgeSaved } from './acknowledge-saved.ts';
import { refreshProcesses, requireBinding } from './bound-processes.ts';
import { changeWaits } from './change-waits.ts';
import { pastBlocks } from './past-view.ts';
import { pushModal } from './push-modal.ts';
import { requireLiveChat } from './require-live-chat.ts';
import { refreshLiveChats } from './show-live-chats.ts';
import { checkTerms, emptyRow, readTermsDraft, type TermsDraft, termsDraftOf } from './terms-draft.ts';
import { termsModal, termsPlaceSchema } from './terms-view.ts';
import { tryBinding } from './try-binding.ts';
import { changeView, refreshBelow } from './update-views.ts';
import {
  type BindingPlace,
  readMetadata,
  readViewAction,
  readViewSubmission,
  type ViewAction,
} from './view-request.ts';

/** *When it starts* in a binding's menu. */
export async function openTerms(context: SlackContext, action: ViewAction, place: BindingPlace): Promise<void> {
  await pushModal(
    context,
    action,
    (words: Words) => words('terms.title'),
    async (words) => {
      const { binding, position, count } = await requireBinding(context, place);
      return termsModal(words, binding, termsDraftOf(binding, position), { ...place, count });
    },
  );
}

type Change = (draft: TermsDraft, value: string) => TermsDraft;

/** Something was chosen that other fields depend on: shows the fields that are needed now. */
export const chooseInTerms = (context: SlackContext) => changeDraft(context, (draft) => draft);

/** *Add a condition* */
export const addRow = (context: SlackContext) =>
  changeDraft(context, (draft) => {
    const next = Math.max(-1, ...draft.rows.map(({ id }) => id)) + 1;
    return draft.rows.length < mostRows ? { ...draft, rows: [...draft.rows, emptyRow(next)] } : draft;
  });

/** *Remove* beside a condition */
export const removeRow = (context: SlackContext) =>
  changeDraft(context, (draft, value) => ({ ...draft, rows: draft.rows.filter(({ id }) => String(id) !== value) }));

function changeDraft(context: SlackContext, change: Change) {
  return async ({ body, ack }: SlackActionMiddlewareArgs): Promise<void> => {
    const { userId, viewId, metadata, stateValues, value } = readViewAction(body);
    const { rowIds, place: position, ...place } = readMetadata(termsPlaceSchema, metadata);
    const words = await wordsFor(context, userId);
    await changeView(context, { words, viewId, title: words('terms.title') }, async () => {
      await assertAdministrator(context, userId);
      const { binding } = await requireBinding(context, place);
      const draft = change(readTermsDraft(stateValues, rowIds, position), value);
      const takesRows = draft.mode === 'all' || draft.mode === 'any';
      // Conditions were just chosen: adds the first row.
      const rows = takesRows && draft.rows.length === 0 ? [emptyRow(Math.max(-1, ...rowIds) + 1)] : draft.rows;
      return termsModal(words, binding, { ...draft, rows }, place);
    });
    // Acknowledged only now, so that the person sees a spinner until the view is ready.
    await ack();
  };
}

/** *Try it on the past* in *When it starts*: uses the current input, saved or not. */
export function tryTerms(context: SlackContext) {
  return async ({ body, ack }: SlackActionMiddlewareArgs): Promise<void> => {
    const { userId, viewId, metadata, stateValues } = readViewAction(body);
    const { rowIds, place: position, ...place } = readMetadata(termsPlaceSchema, metadata);
    const words = await wordsFor(context, userId);
    await ack();
    await changeView(context, { words, viewId, title: words('terms.title') }, async () => {
      await assertAdministrator(context, userId);
      const liveChat = await requireLiveChat(context, place.liveChatId);
      const { binding } = await requireBinding(context, place);
      const draft = readTermsDraft(stateValues, rowIds, position);
      const { terms, errors } = checkTerms(words, draft);
      const [mistake] = Object.values(errors);
      if (mistake !== undefined)
        return termsModal(words, binding, draft, place, [section(markup`:warning: ${mistake}`)]);
      const bound = await listBindings(context.db, context.identity.teamId, place.liveChatId);
      const trials = await tryBinding(context, liveChat, { ...binding, ...terms }, bound);
      return termsModal(words, binding, draft, place, await pastBlocks(words, binding, trials));
    });
  };
}

/** *Save* in *When it starts*. */
export function saveTerms(context: SlackContext) {
  return async ({ body, ack }: SlackViewMiddlewareArgs<ViewSubmitAction>): Promise<void> => {
    const { userId, viewId, rootViewId, previousViewId, metadata, stateValues } = readViewSubmission(body);
    const words = await wordsFor(context, userId);
    await assertAdministrator(context, userId);
    const { rowIds, place: shown, count: _, ...place } = readMetadata(termsPlaceSchema, metadata);
    const draft = readTermsDraft(stateValues, rowIds, shown);
    const { terms, errors } = checkTerms(words, draft);
    if (Object.keys(errors).length > 0) {
      await ack({ response_action: 'errors', errors });
      return;
    }
    const { binding, position } = await requireBinding(context, place);
    const { id, liveChatId } = binding;
    const isChanged = await changeWaits(context, liveChatId, (tx) =>
      changeTerms(tx, context.identity.teamId, { id, liveChatId, ...terms }),
    );
    if (!isChanged) throw new UserFacingError(message('binding.gone'));
    if (draft.place !== position) await moveBinding(context.db, binding, draft.place);
    await refreshBelow(context, [
      refreshProcesses(context, words, previousViewId, place),
      refreshLiveChats(context, words, rootViewId, place.list),
    ]);
    const saved = { words, title: words('terms.title'), text: say(words, 'terms.saved') };
    await acknowledgeSaved(context, () => ack(), viewId, saved);
  };
}
