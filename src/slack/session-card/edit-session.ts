import type { BlockAction, BlockSuggestion, ButtonAction, types } from '@slack/bolt';
import { z } from 'zod';
import { UserFacingError } from '../../errors.ts';
import { correctClient, nameSession } from '../../intake/steer-session.ts';
import { roleOf } from '../../live-chats/staff.ts';
import { searchText, searchWords } from '../../processes/search-text.ts';
import type { Person } from '../../sessions/people.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { say } from '../block-kit/markup.ts';
import { acknowledgeSaved } from '../live-chat-config/acknowledge-saved.ts';
import { refreshBelow } from '../live-chat-config/update-views.ts';
import { openModal } from '../open-modal.ts';
import { type AccessedSession, accessSession } from '../rights/access-session.ts';
import type { SlackContext } from '../slack-context.ts';
import { readPlace, type StartPlace } from '../start-process/start-place.ts';
import type { Submission } from '../task-form/show-view.ts';
import { updateView } from '../update-view.ts';
import { wordsFor } from '../words-for.ts';
import {
  clientActionId,
  clientBlockId,
  clientModal,
  memberOption,
  nameActionId,
  nameBlockId,
  nameModal,
} from './edit-views.ts';
import { cardFor } from './show-card.ts';

/** Maximum number of members searched. */
const mostMembers = 1000;

/** *Correct client*: opens the modal. */
export async function askForClient(context: SlackContext, body: BlockAction<ButtonAction>): Promise<void> {
  const words = await wordsFor(context, body.user.id);
  const build = async () => {
    const place = readPlace(body.view?.private_metadata ?? '');
    const { session } = await accessSession(context, place.channelId, body.user.id);
    const client = session.clientUserId === null ? undefined : await context.directory.person(session.clientUserId);
    return clientModal(place, client, words);
  };
  await openModal(
    context,
    { words, triggerId: body.trigger_id, title: words('session.button.correctClient'), how: 'push' },
    build,
  );
}

/** *Rename*: opens the modal. */
export async function askForName(context: SlackContext, body: BlockAction<ButtonAction>): Promise<void> {
  const words = await wordsFor(context, body.user.id);
  const build = async () => {
    const place = readPlace(body.view?.private_metadata ?? '');
    const { session } = await accessSession(context, place.channelId, body.user.id);
    return nameModal(place, session, words);
  };
  await openModal(
    context,
    { words, triggerId: body.trigger_id, title: words('session.button.rename'), how: 'push' },
    build,
  );
}

/** The members of the conversation that match a search for the client; staff and apps are left out. */
export async function suggestClients(
  context: SlackContext,
  { view, user, value }: BlockSuggestion,
): Promise<types.PlainTextOption[]> {
  try {
    const accessed = await accessSession(context, readPlace(view?.private_metadata ?? '').channelId, user.id);
    const words = searchWords(value);
    const found = (await possibleClients(context, accessed)).filter((person) => {
      const text = searchText(`${person.name} ${person.company ?? ''}`);
      return words.every((word) => text.includes(word));
    });
    return found.slice(0, slackLimits.selectOptions).map(memberOption);
  } catch (error) {
    if (error instanceof UserFacingError) return [];
    throw error;
  }
}

async function possibleClients({ directory }: SlackContext, { session, liveChat }: AccessedSession): Promise<Person[]> {
  const ids = await directory.members(session.channelId, mostMembers);
  const people = await Promise.all(
    ids.map(async (id) => {
      const person = await directory.person(id);
      if (!person || person.isBot || person.isDeleted) return undefined;
      return (await roleOf(liveChat, id, directory.groupMembers)) ? undefined : person;
    }),
  );
  return people.filter((person) => person !== undefined).sort((one, other) => one.name.localeCompare(other.name));
}

const clientStateSchema = z.object({
  [clientBlockId]: z.object({ [clientActionId]: z.object({ selected_option: z.object({ value: z.string() }) }) }),
});

/** Saves the chosen client, if they are one of the possible clients. */
export async function saveClient(context: SlackContext, submission: Submission): Promise<void> {
  const { ack, body, view } = submission;
  const place = readPlace(view.private_metadata);
  const accessed = await accessSession(context, place.channelId, body.user.id);
  const chosen = clientStateSchema.parse(view.state.values)[clientBlockId][clientActionId].selected_option.value;
  if (!(await possibleClients(context, accessed)).some(({ id }) => id === chosen)) {
    const words = await wordsFor(context, body.user.id);
    return ack({ response_action: 'errors', errors: { [clientBlockId]: words('session.noSuchClient') } });
  }
  await correctClient(context.db, { sessionId: accessed.session.id, by: body.user.id }, chosen);
  context.database.signal('activity_due');
  context.homes.note({ liveChatId: accessed.liveChat.id });
  await finish(context, submission, place);
}

const nameStateSchema = z.object({
  [nameBlockId]: z.object({ [nameActionId]: z.object({ value: z.string().nullish() }) }),
});

/** Saves the name; an empty one makes the session use the channel's again. */
export async function saveName(context: SlackContext, submission: Submission): Promise<void> {
  const { body, view } = submission;
  const place = readPlace(view.private_metadata);
  const { session } = await accessSession(context, place.channelId, body.user.id);
  const name = nameStateSchema.parse(view.state.values)[nameBlockId][nameActionId].value ?? '';
  await nameSession(context.db, session.id, name);
  context.homes.note({ liveChatId: session.liveChatId });
  await finish(context, submission, place);
}

/** Updates the card below after saving, and returns to it. */
async function finish(context: SlackContext, { ack, body, view }: Submission, place: StartPlace): Promise<void> {
  const rootViewId = view.root_view_id;
  const refresh = cardFor(context, place, body.user.id).then(async (card) => {
    if (rootViewId) await updateView(context, rootViewId, card);
  });
  await refreshBelow(context, [refresh]);
  const words = await wordsFor(context, body.user.id);
  await acknowledgeSaved(context, () => ack(), view.id, {
    words,
    title: view.title.text,
    text: say(words, 'session.saved'),
  });
}
