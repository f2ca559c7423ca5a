import { randomUUID } from 'node:crypto';
import { addBinding, type Binding, listBindings } from '../../src/bindings/queries.ts';
import type { Database, Db } from '../../src/db/client.ts';
import type { IntakeDependencies } from '../../src/intake/record-event.ts';
import type { SessionConversation } from '../../src/intake/session-event.ts';
import type { LiveChat, LiveChatSettings } from '../../src/live-chats/live-chat.ts';
import { insertLiveChat } from '../../src/live-chats/queries.ts';
import type { Person } from '../../src/sessions/people.ts';

export const teamId = 'T0KICKOFF';

let counter = 0;

export const liveChatSettings = (settings: Partial<LiveChatSettings> & { name: string }): LiveChatSettings => ({
  source: 'prefix',
  prefixes: ['support-'],
  channels: [],
  clients: 'everyone',
  operators: ['U0OPERATOR'],
  supervisors: [],
  operatorGroups: [],
  supervisorGroups: [],
  activityChannel: null,
  ...settings,
});

export async function aLiveChat(db: Db, overrides: Partial<LiveChatSettings> = {}): Promise<LiveChat> {
  counter += 1;
  return addLiveChat(db, teamId, { name: `Live chat ${counter}`, ...overrides });
}

export async function addLiveChat(
  db: Db,
  team: string,
  settings: Partial<LiveChatSettings> & { name: string },
): Promise<LiveChat> {
  const liveChat = await insertLiveChat(db, team, liveChatSettings(settings));
  if (!liveChat) throw new Error('the name is taken');
  return liveChat;
}

export async function aBinding(db: Db, liveChat: LiveChat, overrides: Partial<Binding> = {}): Promise<string> {
  return addBinding(db, {
    liveChatId: liveChat.id,
    event: 'message_received',
    processDefinitionId: 'create-lead',
    processName: 'Create lead',
    parameters: [],
    mapping: {},
    ...overrides,
  });
}

/** Binds a process for each of these bindings, with the message's text as parameter. Returns the bindings in their order. */
export async function bindAll(
  db: Db,
  liveChat: LiveChat,
  bound: (Partial<Binding> & Pick<Binding, 'processDefinitionId'>)[],
): Promise<Binding[]> {
  for (const one of bound) {
    await aBinding(db, liveChat, {
      ...one,
      processName: one.processDefinitionId,
      mapping: { text: 'message.text' },
    });
  }
  return listBindings(db, teamId, liveChat.id);
}

/** Dependencies of recording, with these profiles; other people do not exist. */
export const intakeOf = (
  { db, signal }: Pick<Database, 'db' | 'signal'>,
  people: Record<string, Partial<Person>> = {},
): IntakeDependencies => ({
  db,
  signal,
  workspaceUrl: 'https://kickoff.slack.com/',
  people: {
    person: async (id) => {
      const profile = people[id];
      return (
        profile && {
          id,
          teamId,
          name: id,
          isBot: false,
          isExternal: true,
          isAdmin: false,
          isDeleted: false,
          ...profile,
        }
      );
    },
  },
});

export function aConversation(overrides: Partial<SessionConversation> = {}): SessionConversation {
  return {
    teamId,
    channelId: `C${randomUUID().slice(0, 8).toUpperCase()}`,
    name: 'support-acme',
    isPrivate: false,
    isShared: false,
    mustJoin: false,
    ...overrides,
  };
}
