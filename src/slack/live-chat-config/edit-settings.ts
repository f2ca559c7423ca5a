import type {
  BlockSuggestion,
  SlackActionMiddlewareArgs,
  SlackOptionsMiddlewareArgs,
  SlackViewMiddlewareArgs,
  ViewSubmitAction,
} from '@slack/bolt';
import { UserFacingError } from '../../errors.ts';
import type { LiveChat, LiveChatSettings } from '../../live-chats/live-chat.ts';
import { getLiveChat, insertLiveChat, isNameTaken, listLiveChats, updateLiveChat } from '../../live-chats/queries.ts';
import { searchText, searchWords } from '../../processes/search-text.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { openModal } from '../open-modal.ts';
import type { SlackContext } from '../slack-context.ts';
import { assertAdministrator, isAdministrator } from './administrator.ts';
import { joinActivityChannel } from './check-activity-channel.ts';
import { checkSettings, type FieldErrors, nameIsTaken } from './check-settings.ts';
import { listPlaceSchema } from './list-place.ts';
import { readSettings } from './read-settings.ts';
import { draftOf, emptyDraft, groupLabel, readDraft, settingsBlocks } from './settings-draft.ts';
import { type SettingsPlace, settingsPlaceSchema } from './settings-place.ts';
import { groupOption, settingsCallbackId, settingsModal } from './settings-view.ts';
import { refreshLiveChats } from './show-live-chats.ts';
import { changeView, refreshBelow } from './update-views.ts';
import {
  type LiveChatPlace,
  readMetadata,
  readViewAction,
  readViewSubmission,
  type ViewAction,
} from './view-request.ts';
import { withinPatience } from './within-patience.ts';

/** Said wherever a live chat turns out to be gone. */
export const liveChatIsGone = 'This live chat was deleted meanwhile.';

/** *New live chat*. */
export function openNewLiveChat(context: SlackContext) {
  return async ({ body, ack }: SlackActionMiddlewareArgs): Promise<void> => {
    const { userId, triggerId, metadata } = readViewAction(body);
    await ack();
    const build = async () => {
      await assertAdministrator(context, userId);
      return settingsModal(emptyDraft, { list: readMetadata(listPlaceSchema, metadata) });
    };
    await openModal(context, triggerId, 'New live chat', build, 'push');
  };
}

/** *Settings* in a live chat's menu. */
export async function openSettings(
  context: SlackContext,
  { userId, triggerId }: ViewAction,
  { liveChatId, list }: LiveChatPlace,
): Promise<void> {
  const build = async () => {
    await assertAdministrator(context, userId);
    const liveChat = await getLiveChat(context.db, context.identity.teamId, liveChatId);
    if (!liveChat) throw new UserFacingError(liveChatIsGone);
    const groupsNamed = liveChat.operatorGroups.length + liveChat.supervisorGroups.length;
    const groups = groupsNamed > 0 ? await context.directory.userGroups() : [];
    return settingsModal(draftOf(liveChat, groups), { liveChatId, list });
  };
  await openModal(context, triggerId, 'Live chat settings', build, 'push');
}

/** Another source of sessions was chosen: shows the field that it needs. */
export function switchSource(context: SlackContext) {
  return async ({ body, ack }: SlackActionMiddlewareArgs): Promise<void> => {
    const { userId, viewId, metadata, stateValues } = readViewAction(body);
    const { hidden, ...place } = readMetadata(settingsPlaceSchema, metadata);
    const title = place.liveChatId ? 'Live chat settings' : 'New live chat';
    await changeView(context, viewId, title, async () => {
      await assertAdministrator(context, userId);
      return settingsModal(readDraft(stateValues, hidden), place);
    });
    // Not before: until then the person sees that something is going on.
    await ack();
  };
}

/** Answers what is typed into *Operator groups* and *Supervisor groups*. */
export function suggestGroups(context: SlackContext) {
  return async ({ body, ack }: SlackOptionsMiddlewareArgs<'block_suggestion'>): Promise<void> => {
    const isAllowed = isSettings(body) && (await isAdministrator(context, body.user.id));
    await ack({ options: isAllowed ? await findGroups(context, body.value) : [] });
  };
}

const isSettings = ({ view }: BlockSuggestion) => view?.callback_id === settingsCallbackId;

async function findGroups({ directory }: SlackContext, query: string) {
  const words = searchWords(query);
  const found = (await directory.userGroups()).filter((group) => {
    const text = searchText(groupLabel(group));
    return words.every((word) => text.includes(word));
  });
  return found
    .slice(0, slackLimits.selectOptions)
    .map((group) => groupOption({ id: group.id, label: groupLabel(group) }));
}

/** *Save*. */
export function saveSettings(context: SlackContext) {
  return async ({ body, ack }: SlackViewMiddlewareArgs<ViewSubmitAction>): Promise<void> => {
    const { userId, rootViewId, metadata, stateValues } = readViewSubmission(body);
    await assertAdministrator(context, userId);
    const { hidden, ...place } = readMetadata(settingsPlaceSchema, metadata);
    const draft = readDraft(stateValues, hidden);
    const errors = await save(context, place, readSettings(draft));
    if (Object.keys(errors).length > 0) {
      await ack({ response_action: 'errors', errors });
      return;
    }
    await context.liveChats.changed();
    context.database.signal('adoption_due');
    await refreshBelow(context, [refreshLiveChats(context, rootViewId, place.list)]);
    await ack();
  };
}

async function save(
  context: SlackContext,
  { liveChatId }: Omit<SettingsPlace, 'hidden'>,
  settings: LiveChatSettings,
): Promise<FieldErrors> {
  const { db, directory, identity } = context;
  const { teamId } = identity;
  const all = await listLiveChats(db, teamId);
  const before = all.find(({ id }) => id === liveChatId);
  if (liveChatId && !before) throw new UserFacingError(liveChatIsGone);
  const others = all.filter(({ id }) => id !== liveChatId);
  const errors = await withinPatience(checkSettings({ directory, teamId, others, before }, settings));
  if (Object.keys(errors).length > 0) return errors;
  const cannotJoin = await joinActivityChannel(context, settings.activityChannel);
  if (cannotJoin) return { [settingsBlocks.activityChannel]: cannotJoin };
  const saved = await writeSettings(context, liveChatId, settings);
  return saved ? {} : { [settingsBlocks.name]: nameIsTaken(settings.name) };
}

/** Undefined: the name is taken. */
async function writeSettings(
  { db, identity }: SlackContext,
  liveChatId: string | undefined,
  settings: LiveChatSettings,
): Promise<LiveChat | undefined> {
  if (!liveChatId) return insertLiveChat(db, identity.teamId, settings);
  let updated: LiveChat | undefined;
  try {
    updated = await updateLiveChat(db, identity.teamId, liveChatId, settings);
  } catch (error) {
    if (isNameTaken(error)) return undefined;
    throw error;
  }
  if (!updated) throw new UserFacingError(liveChatIsGone);
  return updated;
}
