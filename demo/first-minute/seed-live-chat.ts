import { addBinding } from '../../src/bindings/queries.ts';
import type { PreparedContext } from '../../src/kickoff.ts';
import type { LiveChatSettings } from '../../src/live-chats/live-chat.ts';
import { insertLiveChat } from '../../src/live-chats/queries.ts';
import { matchParameters } from '../../src/processes/match-parameters.ts';
import { properties } from '../../src/sessions/properties.ts';

/** Who serves clients in the workspace to begin with, and where its operators read what goes on; Slack ids. */
export interface Staff {
  operators: string[];
  supervisors: string[];
  activityChannel: string;
}

/** Sets up the live chat *Support*, whose new sessions become leads, as an administrator would. */
export async function seedLiveChat(
  { db, catalogue, identity, liveChats }: PreparedContext,
  staff: Staff,
): Promise<void> {
  const settings: LiveChatSettings = {
    name: 'Support',
    source: 'prefix',
    prefixes: ['support-'],
    channels: [],
    clients: 'everyone',
    operatorGroups: [],
    supervisorGroups: [],
    ...staff,
  };
  const liveChat = await insertLiveChat(db, identity.teamId, settings);
  await liveChats.changed();
  const definition = catalogue().get('create-lead');
  // Taken: a database of one's own has it from a workspace before. No such process: PROCESSES_DIR is one's own.
  if (!liveChat || !definition) return;
  const { id, name, parameters } = definition;
  const matching = matchParameters(parameters, properties);
  // A session is created before the message that opened it is received: what it says is in the transcript.
  const { messageText, ...others } = matching;
  const mapping = messageText === undefined ? others : { ...others, messageText: 'session.transcript' };
  await addBinding(db, {
    liveChatId: liveChat.id,
    event: 'session_created',
    processDefinitionId: id,
    processName: name,
    parameters,
    mapping,
  });
}
