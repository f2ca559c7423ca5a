import { randomUUID } from 'node:crypto';
import type { AppManifest } from './manifest.ts';
import { type ChannelRecord, newId, type TeamRecord, type UserRecord, type WorkspaceState } from './state.ts';

/** A person in the initial workspace. Omitted fields have the values of an ordinary full member. */
export type SeedUser = Pick<UserRecord, 'id' | 'handle' | 'realName'> & Partial<UserRecord>;

export interface SeedChannel {
  /** The channel's id; absent: a new one. Older private channels have ids that begin with G. */
  id?: string;
  name: string;
  isPrivate?: boolean;
  isGeneral?: boolean;
  /** Handles of its members. */
  members: string[];
  /** Ids of other organisations that share it. */
  sharedWith?: string[];
  topic?: string;
  /** Whether the app is a member. */
  withApp?: boolean;
}

export interface WorkspaceSeed {
  team: TeamRecord;
  otherTeams: TeamRecord[];
  users: SeedUser[];
  userGroups: { handle: string; name: string; description?: string; users: string[] }[];
  channels: SeedChannel[];
}

/** A small company and one client organisation. */
export const defaultSeed: WorkspaceSeed = {
  team: { id: 'T0NORTHWND', name: 'Northwind', domain: 'northwind' },
  otherTeams: [{ id: 'T0ACMECORP', name: 'Acme', domain: 'acme' }],
  users: [
    {
      id: 'U0ANNA00001',
      handle: 'anna',
      realName: 'Anna Admin',
      title: 'Head of IT',
      email: 'anna.admin@northwind.example',
      phone: '+49 30 5550 101',
      isAdmin: true,
    },
    {
      id: 'U0OLEG00001',
      handle: 'oleg',
      realName: 'Oleg Operator',
      title: 'Support engineer',
      email: 'oleg.operator@northwind.example',
      phone: '+49 30 5550 102',
    },
    {
      id: 'U0OLGA00001',
      handle: 'olga',
      realName: 'Olga Operator',
      title: 'Support engineer',
      email: 'olga.operator@northwind.example',
      phone: '+49 30 5550 103',
      timeZone: 'Europe/Warsaw',
    },
    {
      id: 'U0RITA00001',
      handle: 'rita',
      realName: 'Рита Смирнова',
      title: 'Ведущий специалист поддержки',
      email: 'rita.smirnova@northwind.example',
      phone: '+7 495 555 0108',
      timeZone: 'Europe/Moscow',
      locale: 'ru-RU',
      isAdmin: true,
    },
    {
      id: 'U0SAM000001',
      handle: 'sam',
      realName: 'Sam Supervisor',
      title: 'Head of support',
      email: 'sam.supervisor@northwind.example',
      phone: '+49 30 5550 104',
    },
    {
      id: 'U0GINA00001',
      handle: 'gina',
      realName: 'Gina Guest',
      title: 'Buyer',
      email: 'gina.guest@globex.example',
      phone: '+44 20 5550 105',
      timeZone: 'Europe/London',
      isRestricted: true,
    },
    {
      id: 'U0CARL00001',
      handle: 'carl',
      realName: 'Carl Client',
      teamId: 'T0ACMECORP',
      title: 'Purchasing manager',
      email: 'carl.client@acme.example',
      phone: '+1 212 555 0106',
      timeZone: 'America/New_York',
    },
    {
      id: 'U0EMMA00001',
      handle: 'emma',
      realName: 'Emma Employee',
      title: 'Accountant',
      email: 'emma.employee@northwind.example',
      phone: '+49 30 5550 107',
    },
  ],
  userGroups: [
    { handle: 'support-team', name: 'Support team', description: 'Answers clients', users: ['oleg', 'olga'] },
  ],
  channels: [
    {
      name: 'general',
      isGeneral: true,
      members: ['anna', 'oleg', 'olga', 'rita', 'sam', 'emma'],
      topic: 'Company-wide',
    },
    { name: 'team-lunch', members: ['anna', 'oleg', 'emma'] },
    { name: 'leadership', isPrivate: true, members: ['anna', 'sam'] },
    { name: 'acme-project', members: ['anna', 'oleg', 'sam', 'carl'], sharedWith: ['T0ACMECORP'] },
  ],
};

/** Fills in the fields that the seed omits. */
export function completeUser(user: SeedUser, teamId: string, nowSeconds: number): UserRecord {
  return {
    teamId,
    displayName: user.handle,
    title: '',
    hidesContact: false,
    timeZone: 'Europe/Berlin',
    locale: 'en-US',
    isAdmin: user.isOwner ?? false,
    isOwner: false,
    isRestricted: user.isUltraRestricted ?? false,
    isUltraRestricted: false,
    isBot: false,
    deleted: false,
    updated: nowSeconds,
    ...user,
  };
}

/** A channel without members; its creator has not joined yet. */
export function emptyChannel(
  state: WorkspaceState,
  fields: Pick<ChannelRecord, 'name' | 'creator' | 'created'> & Partial<ChannelRecord>,
): ChannelRecord {
  return {
    id: newId(state, 'C'),
    kind: 'channel',
    isPrivate: false,
    isGeneral: false,
    isArchived: false,
    isDeleted: false,
    updated: fields.created * 1000,
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    previousNames: [],
    members: [],
    connectedTeamIds: [],
    messages: [],
    ...fields,
  };
}

/** The initial state of a workspace, with the app installed and in no channel. */
export function stateFromSeed(seed: WorkspaceSeed, manifest: AppManifest, nowMs: number, idsFrom = 0): WorkspaceState {
  const now = Math.floor(nowMs / 1000);
  const app = { id: 'A0SANDBOX01', botId: 'B0SANDBOX01', botUserId: 'U0BOT000001', name: manifest.name };
  const bot: SeedUser = {
    id: app.botUserId,
    handle: manifest.botName.toLowerCase().replace(/[^a-z0-9_.-]/g, ''),
    realName: manifest.botName,
    isBot: true,
  };
  const users = [...seed.users, bot].map((user) => completeUser(user, seed.team.id, now));
  const state: WorkspaceState = {
    team: seed.team,
    otherTeams: seed.otherTeams,
    app,
    users: Object.fromEntries(users.map((user) => [user.id, user])),
    userGroups: {},
    channels: {},
    files: {},
    views: {},
    modals: {},
    homes: {},
    triggers: {},
    responseUrls: {},
    notices: {},
    lastRead: {},
    revision: 0,
    done: [],
    epoch: randomUUID(),
    sequence: idsFrom,
    lastMicroseconds: 0,
  };
  const creator = users[0]?.id ?? '';
  for (const group of seed.userGroups) {
    const id = newId(state, 'S');
    const stamps = { created: now, updated: now, createdBy: creator, disabledAt: 0 };
    state.userGroups[id] = {
      description: '',
      ...group,
      ...stamps,
      id,
      users: group.users.map((handle) => seededUser(state, handle)),
    };
  }
  for (const channel of seed.channels) seedChannel(state, channel, creator, now);
  return state;
}

function seededUser(state: WorkspaceState, handle: string): string {
  const user = Object.values(state.users).find((candidate) => candidate.handle === handle);
  if (!user) throw new Error(`The seed names "${handle}", but has no such user`);
  return user.id;
}

/** Adds a channel as if it had always existed: no events. */
export function seedChannel(
  state: WorkspaceState,
  seed: SeedChannel,
  creator: string,
  nowSeconds: number,
): ChannelRecord {
  const { members, sharedWith = [], topic, withApp = false, ...channel } = seed;
  const record = emptyChannel(state, { ...channel, creator, created: nowSeconds });
  record.members = [...members.map((handle) => seededUser(state, handle)), ...(withApp ? [state.app.botUserId] : [])];
  record.connectedTeamIds = sharedWith;
  if (topic) record.topic = { value: topic, creator, last_set: nowSeconds };
  state.channels[record.id] = record;
  return record;
}
