import { isDeepStrictEqual } from 'node:util';
import type {
  BlockSuggestion,
  SlackActionMiddlewareArgs,
  SlackOptionsMiddlewareArgs,
  SlackViewMiddlewareArgs,
  ViewSubmitAction,
} from '@slack/bolt';
import { UserFacingError } from '../../errors.ts';
import type { LiveChat, SavedSettings } from '../../live-chats/live-chat.ts';
import { insertLiveChat, isNameTaken, listLiveChats, updateLiveChat } from '../../live-chats/queries.ts';
import { searchText, searchWords } from '../../processes/search-text.ts';
import { message } from '../../words/message.ts';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { say } from '../block-kit/markup.ts';
import { type Patience, startPatience } from '../patience.ts';
import { assertAdministrator, isAdministrator, onlyAdministrators } from '../rights/administrator.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { acknowledgeSaved } from './acknowledge-saved.ts';
import { changeWaits } from './change-waits.ts';
import { joinActivityChannel } from './check-activity-channel.ts';
import { checkSettings, type FieldErrors, nameIsTaken } from './check-settings.ts';
import { type HoursDraft, hoursDraftOf, presetHours, readHours } from './hours-draft.ts';
import { option } from './input-field.ts';
import { listPlaceSchema } from './list-place.ts';
import { pushModal } from './push-modal.ts';
import { readSettings } from './read-settings.ts';
import { requireLiveChat } from './require-live-chat.ts';
import { draftOf, emptyDraft, groupLabel, readDraft, settingsBlocks } from './settings-draft.ts';
import { type SettingsPlace, settingsPlaceSchema } from './settings-place.ts';
import { groupOption, settingsCallbackId, settingsModal, titleOf } from './settings-view.ts';
import { refreshLiveChats } from './show-live-chats.ts';
import { findTimeZones } from './time-zones.ts';
import { changeView, refreshBelow } from './update-views.ts';
import {
  type LiveChatPlace,
  readMetadata,
  readViewAction,
  readViewSubmission,
  type ViewAction,
} from './view-request.ts';

/** *New live chat*. */
export function openNewLiveChat(context: SlackContext) {
  return async ({ body, ack }: SlackActionMiddlewareArgs): Promise<void> => {
    const action = readViewAction(body);
    await ack();
    const title = (words: Words) => titleOf(words, {});
    await pushModal(context, action, title, async (words) =>
      settingsModal(words, emptyDraft, { list: readMetadata(listPlaceSchema, action.metadata) }),
    );
  };
}

/** *Settings* in a live chat's menu. */
export async function openSettings(
  context: SlackContext,
  action: ViewAction,
  { liveChatId, list }: LiveChatPlace,
): Promise<void> {
  const title = (words: Words) => titleOf(words, { liveChatId });
  await pushModal(context, action, title, async (words) => {
    const liveChat = await requireLiveChat(context, liveChatId);
    const groupsNamed = liveChat.operatorGroups.length + liveChat.supervisorGroups.length;
    const groups = groupsNamed > 0 ? await context.directory.userGroups() : [];
    return settingsModal(words, draftOf(words, liveChat, groups), { liveChatId, list });
  });
}

/** Another source was chosen, or business hours were switched: shows the fields that are needed now. */
export function switchFields(context: SlackContext) {
  return async ({ body, ack }: SlackActionMiddlewareArgs): Promise<void> => {
    const { userId, viewId, metadata, stateValues } = readViewAction(body);
    const { hidden, ...place } = readMetadata(settingsPlaceSchema, metadata);
    const words = await wordsFor(context, userId);
    await changeView(context, { words, viewId, title: titleOf(words, place) }, async () => {
      if (await isKnownStranger(context, userId)) throw new UserFacingError(onlyAdministrators);
      return settingsModal(words, readDraft(stateValues, hidden, hoursToBegin(context, userId, place)), place);
    });
    // Acknowledged only now, so that the person sees a spinner until the view is ready.
    await ack();
  };
}

/**
 * The initial values of the business-hours fields: the live chat's hours, else working hours in the administrator's time zone.
 */
function hoursToBegin(
  { liveChats, identity, directory }: SlackContext,
  userId: string,
  { liveChatId }: Pick<SettingsPlace, 'liveChatId'>,
): HoursDraft {
  const saved = liveChatId === undefined ? undefined : liveChats.get(identity.teamId, liveChatId)?.businessHours;
  return saved ? hoursDraftOf(saved) : presetHours(directory.lastKnown(userId)?.timezone);
}

/**
 * Whether Slack says that the person is no administrator. The form shows only what they have sent, and Save checks again; if
 * Slack does not answer, their input must not be lost.
 */
async function isKnownStranger(context: SlackContext, userId: string): Promise<boolean> {
  const answer = isAdministrator(context, userId).then((isOne) => ({ isOne }));
  const known = await startPatience()
    .within(answer)
    .catch(() => undefined);
  return known?.isOne === false;
}

/** Serves the options of *Operator groups* and *Supervisor groups*. */
export function suggestGroups(context: SlackContext) {
  return async ({ body, ack }: SlackOptionsMiddlewareArgs<'block_suggestion'>): Promise<void> => {
    const isAllowed = isSettings(body) && (await isAdministrator(context, body.user.id));
    await ack({ options: isAllowed ? await findGroups(context, body.value) : [] });
  };
}

const isSettings = ({ view }: BlockSuggestion) => view?.callback_id === settingsCallbackId;

async function findGroups({ directory }: SlackContext, query: string) {
  const sought = searchWords(query);
  const found = (await directory.userGroups()).filter((group) => {
    const text = searchText(groupLabel(group));
    return sought.every((word) => text.includes(word));
  });
  return found
    .slice(0, slackLimits.selectOptions)
    .map((group) => groupOption({ id: group.id, label: groupLabel(group) }));
}

/** Serves the options of *Time zone*. */
export function suggestTimeZones(context: SlackContext) {
  return async ({ body, ack }: SlackOptionsMiddlewareArgs<'block_suggestion'>): Promise<void> => {
    const isAllowed = isSettings(body) && (await isAdministrator(context, body.user.id));
    const { locale } = await wordsFor(context, body.user.id);
    const zones = isAllowed ? findTimeZones(body.value, locale, new Date()) : [];
    await ack({ options: zones.map(({ id, label }) => option(id, label)) });
  };
}

/** *Save*. */
export function saveSettings(context: SlackContext) {
  return async ({ body, ack }: SlackViewMiddlewareArgs<ViewSubmitAction>): Promise<void> => {
    const { userId, viewId, rootViewId, metadata, stateValues } = readViewSubmission(body);
    const patience = startPatience();
    const words = await wordsFor(context, userId);
    await assertAdministrator(context, userId, patience);
    const { hidden, ...place } = readMetadata(settingsPlaceSchema, metadata);
    const draft = readDraft(stateValues, hidden, hoursToBegin(context, userId, place));
    const { locale = null } = context.directory.lastKnown(userId) ?? {};
    const { hours: businessHours, mistakes: wrongHours } = readHours(draft.hours);
    const settings = { ...readSettings(draft), businessHours, locale };
    const mistakes = await save(context, place, { settings, wrongHours }, patience);
    if (Object.keys(mistakes).length > 0) {
      const errors = Object.entries(mistakes).map(([block, mistake]) => [block, words(mistake)]);
      await ack({ response_action: 'errors', errors: Object.fromEntries(errors) });
      return;
    }
    await context.liveChats.changed();
    context.database.signal('adoption_due');
    await refreshBelow(context, [refreshLiveChats(context, words, rootViewId, place.list)]);
    const saved = { words, title: titleOf(words, place), text: say(words, 'settings.saved') };
    await acknowledgeSaved(context, () => ack(), viewId, saved);
  };
}

async function save(
  context: SlackContext,
  { liveChatId }: Omit<SettingsPlace, 'hidden'>,
  { settings, wrongHours }: { settings: SavedSettings; wrongHours: FieldErrors },
  { inTime }: Patience,
): Promise<FieldErrors> {
  const { db, directory, identity } = context;
  const { teamId } = identity;
  const all = await listLiveChats(db, teamId);
  const isWrong = Object.keys(wrongHours).length > 0;
  if (!liveChatId && !isWrong && all.some((liveChat) => isSaved(liveChat, settings))) return {};
  const before = all.find(({ id }) => id === liveChatId);
  if (liveChatId && !before) throw new UserFacingError(message('liveChat.gone'));
  const others = all.filter(({ id }) => id !== liveChatId);
  const wrongSettings = await inTime(checkSettings({ directory, teamId, others, before }, settings));
  const errors = { ...wrongSettings, ...wrongHours };
  if (Object.keys(errors).length > 0) return errors;
  const cannotJoin = await inTime(joinActivityChannel(context, settings.activityChannel));
  if (cannotJoin) return { [settingsBlocks.activityChannel]: cannotJoin };
  const saved = await writeSettings(context, liveChatId, settings);
  if (saved) return {};
  if (!liveChatId && (await listLiveChats(db, teamId)).some((liveChat) => isSaved(liveChat, settings))) return {};
  return { [settingsBlocks.name]: nameIsTaken(settings.name) };
}

/**
 * Whether a new live chat was saved already: the answer to the first submission came too late, and the person submitted again.
 */
function isSaved(liveChat: LiveChat, settings: SavedSettings): boolean {
  return Object.entries(settings).every(([key, value]) => isDeepStrictEqual(liveChat[key as keyof LiveChat], value));
}

/** Undefined: the name is taken. */
async function writeSettings(
  context: SlackContext,
  liveChatId: string | undefined,
  settings: SavedSettings,
): Promise<LiveChat | undefined> {
  const { db, identity } = context;
  if (!liveChatId) return insertLiveChat(db, identity.teamId, settings);
  let updated: LiveChat | undefined;
  try {
    updated = await changeWaits(context, liveChatId, (tx) => updateLiveChat(tx, identity.teamId, liveChatId, settings));
  } catch (error) {
    if (isNameTaken(error)) return undefined;
    throw error;
  }
  if (!updated) throw new UserFacingError(message('liveChat.gone'));
  return updated;
}
