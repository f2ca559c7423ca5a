import type { BindingEvent } from '../../src/bindings/binding-kinds.ts';
import { addBinding, type BindingTerms, presetTerms } from '../../src/bindings/queries.ts';
import type { LiveChatSettings } from '../../src/live-chats/live-chat.ts';
import { insertLiveChat } from '../../src/live-chats/queries.ts';
import { matchParameters } from '../../src/processes/match-parameters.ts';
import { properties } from '../../src/sessions/properties.ts';
import type { SlackContext } from '../../src/slack/slack-context.ts';

/** The people and the activity channel of the first live chat, as Slack ids. */
export interface Staff {
  operators: string[];
  supervisors: string[];
  activityChannel: string;
}

/** A binding of the first live chat. `mapping` has only the parameters whose property does not follow from their key. */
interface Example extends Partial<BindingTerms> {
  event: BindingEvent;
  processId: string;
  mapping?: Record<string, string>;
}

/** Words that indicate a complaint. */
const complaint = 'complaint, complain, refund, broken, does not work, disappointed, unacceptable';

const examples: Example[] = [
  { event: 'client_first_message', processId: 'create-lead' },
  {
    event: 'message_received',
    processId: 'handle-request',
    conditions: {
      kind: 'rows',
      join: 'all',
      rows: [{ property: 'message.text', operator: 'any_word', value: complaint }],
    },
  },
  { event: 'client_waiting', processId: 'escalate', waitMinutes: 15, mapping: { reason: 'message.text' } },
];

/** Creates the live chat *Support*, as an administrator would: its clients become leads, and long waits start a process. */
export async function seedLiveChat(
  { db, catalogue, identity, liveChats }: Pick<SlackContext, 'db' | 'catalogue' | 'identity' | 'liveChats'>,
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
  // The name is taken: an earlier run has created this live chat in the database.
  if (!liveChat) return;
  for (const { event, processId, mapping, ...terms } of examples) {
    const definition = catalogue().get(processId);
    // PROCESSES_DIR may be a folder without this example.
    if (!definition) continue;
    const { id, name, parameters } = definition;
    await addBinding(db, {
      liveChatId: liveChat.id,
      event,
      ...presetTerms(event),
      ...terms,
      processDefinitionId: id,
      processName: name,
      parameters,
      mapping: { ...matchParameters(parameters, properties), ...mapping },
    });
  }
}
