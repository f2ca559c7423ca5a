import type { App, SlackActionMiddlewareArgs } from '@slack/bolt';
import { isAdministrator } from '../rights/administrator.ts';
import { registerProcessSearch } from '../search-processes/register-process-search.ts';
import type { SlackContext } from '../slack-context.ts';
import {
  chooseFromBindingMenu,
  openProcesses,
  openProcessSelection,
  saveParameters,
  submitProcessSelection,
} from './bind-process.ts';
import { askToDelete, deleteAfterAll } from './delete-live-chat.ts';
import { deleteCallbackId } from './delete-view.ts';
import {
  openNewLiveChat,
  openSettings,
  saveSettings,
  suggestGroups,
  suggestTimeZones,
  switchFields,
} from './edit-settings.ts';
import { addRow, chooseInTerms, removeRow, saveTerms, tryTerms } from './edit-terms.ts';
import { hoursActionId, timeZoneActionId } from './hours-view.ts';
import { listBeginning, listPlaceSchema } from './list-place.ts';
import { parametersCallbackId } from './parameters-view.ts';
import { selectProcessCallbackId } from './select-process-view.ts';
import { groupsActionId, settingsCallbackId, sourceActionId } from './settings-view.ts';
import { moveInList, showLiveChats, suggestLiveChats } from './show-live-chats.ts';
import { rowActionIds, termsBlocks } from './terms-draft.ts';
import { addRowActionId, removeRowActionId, termsCallbackId, tryTermsActionId } from './terms-view.ts';
import { liveChatIdSchema, readMetadata, readViewAction } from './view-request.ts';

/** `/livechat-config` and everything in its modal: live chats and their bindings. */
export function registerLiveChatConfig(app: App, context: SlackContext): void {
  app.command('/livechat-config', showLiveChats(context));
  app.action(
    'live_chats_previous',
    moveInList(context, (_, { value }) => ({ page: pageNumber(value) })),
  );
  app.action(
    'live_chats_next',
    moveInList(context, (_, { value }) => ({ page: pageNumber(value) })),
  );
  app.action(
    'live_chats_refresh',
    moveInList(context, (place) => place),
  );
  app.action(
    'live_chats_all',
    moveInList(context, () => listBeginning),
  );
  app.action(
    'find_live_chat',
    moveInList(context, ({ page }, { value }) => ({ page, found: value })),
  );
  app.options<'block_suggestion'>({ type: 'block_suggestion', action_id: 'find_live_chat' }, suggestLiveChats(context));
  app.action('live_chat_menu', chooseFromMenu(context));

  app.action('new_live_chat', openNewLiveChat(context));
  app.action(sourceActionId, switchFields(context));
  app.action(hoursActionId, switchFields(context));
  app.options<'block_suggestion'>({ type: 'block_suggestion', action_id: groupsActionId }, suggestGroups(context));
  app.options<'block_suggestion'>({ type: 'block_suggestion', action_id: timeZoneActionId }, suggestTimeZones(context));
  app.view(settingsCallbackId, saveSettings(context));
  app.view(deleteCallbackId, deleteAfterAll(context));

  app.action('select_process', openProcessSelection(context));
  app.action('binding_menu', chooseFromBindingMenu(context));
  registerProcessSearch(app, context, {
    callbackId: selectProcessCallbackId,
    isAllowed: ({ user }) => isAdministrator(context, user.id),
  });
  app.view(selectProcessCallbackId, submitProcessSelection(context));
  app.view(parametersCallbackId, saveParameters(context));

  for (const actionId of [
    termsBlocks.mode,
    termsBlocks.expression,
    termsBlocks.policy,
    ...Object.values(rowActionIds),
  ]) {
    app.action(actionId, chooseInTerms(context));
  }
  app.action(addRowActionId, addRow(context));
  app.action(removeRowActionId, removeRow(context));
  app.action(tryTermsActionId, tryTerms(context));
  app.view(termsCallbackId, saveTerms(context));
}

/** The menu of a live chat. */
function chooseFromMenu(context: SlackContext) {
  return async ({ body, ack }: SlackActionMiddlewareArgs): Promise<void> => {
    const action = readViewAction(body);
    await ack();
    const [what, liveChatId] = action.value.split(':');
    const place = {
      liveChatId: liveChatIdSchema.parse(liveChatId),
      list: readMetadata(listPlaceSchema, action.metadata),
    };
    if (what === 'settings') await openSettings(context, action, place);
    else if (what === 'processes') await openProcesses(context, action, place);
    else if (what === 'delete') await askToDelete(context, action, place);
  };
}

const pageNumber = (value: string) => Math.max(0, Number.parseInt(value, 10) || 0);
