import { LRUCache } from 'lru-cache';
import { atMost } from '../cache-size.ts';
import { missingScopeOf, reasonOf, UnavailableError } from '../errors.ts';
import type { FileValue } from '../processes/value-types.ts';
import type { People, Person } from '../sessions/people.ts';
import type { MissingFile } from '../sessions/session-facts.ts';
import { message } from '../words/message.ts';
import type { Reader } from '../words/words.ts';
import type { Identity } from './identity.ts';
import { platformError } from './platform-error.ts';
import { readFileInfo } from './read-message.ts';
import { type Channel, type ChannelObject, type Profile, readChannel, readPerson } from './read-profile.ts';
import { refusalOf } from './refusal.ts';
import type { WebClients } from './web-clients.ts';

export interface UserGroup {
  id: string;
  name: string;
  handle: string;
}

/**
 * The people and channels of the workspace, read from Slack and cached until Slack reports a change. Every method throws
 * UnavailableError if Slack does not answer; rate limits are waited out first.
 */
export interface Directory extends People {
  /** The person's last known language and time zone, from the cache; undefined if never seen. */
  lastKnown(userId: string): Reader | undefined;
  userGroups(): Promise<UserGroup[]>;
  /** The id of the person with this e-mail address; undefined if Slack shows nobody. */
  personByEmail(email: string): Promise<string | undefined>;
  channel(channelId: string): Promise<Channel | undefined>;
  /** Like {@link People.outsiders} for a channel with many members, cached until somebody joins or leaves. */
  guests(channelId: string): Promise<Person[]>;
  /** Slack ids of a conversation's members, at most `limit`. */
  members(channelId: string, limit: number): Promise<string[]>;
  /** Id of the direct message between a person and the app, opened if necessary. Throws Slack's error if refused. */
  directMessage(userId: string): Promise<string>;
  /** All unarchived channels that the app can see, page by page. */
  channelPages(): AsyncIterable<Channel[]>;
  /** The unarchived channels that the app is a member of, page by page. */
  ownChannelPages(): AsyncIterable<Channel[]>;
  forgetPerson(userId: string): void;
  forgetGroups(): void;
  forgetChannel(channelId: string): void;
  forgetAll(): void;
}

/** Maximum number of members checked for outsiders: clients' channels are small. */
const membersLimit = 50;
/** Maximum number of members checked in an activity channel: one page of Slack's answer, and one cached question each. */
const guestsLimit = 1000;

const forgetful = {
  // Events about changes can be lost: nothing is cached for longer than ten minutes.
  ttl: 10 * 60 * 1000,
  // Callers that wait for an answer get it, even if the entry is dropped in the meantime.
  ignoreFetchAbort: true,
};

/** `clock` returns milliseconds since any fixed moment. */
export function createDirectory(
  { directoryClient: client, bulkClient }: Pick<WebClients, 'directoryClient' | 'bulkClient'>,
  home: Pick<Identity, 'teamId' | 'enterpriseId'>,
  clock: { now(): number } = performance,
): Directory {
  const shortLived = { ...forgetful, perf: clock, ttlResolution: 0 };
  const people = new LRUCache<string, { person: Person | undefined }>({
    ...shortLived,
    ...atMost(20_000),
    fetchMethod: async (userId) => ({ person: await fetchPerson(userId) }),
  });
  /** Never expires: an old language is better than none. */
  const readers = new LRUCache<string, Reader>(atMost(20_000));
  const emails = new LRUCache<string, { userId: string | undefined }>({
    ...shortLived,
    max: 2000,
    fetchMethod: async (email) => ({ userId: await fetchPersonByEmail(email) }),
  });
  const groups = new LRUCache<string, string[]>({ ...shortLived, max: 2000, fetchMethod: fetchGroupMembers });
  const channels = new LRUCache<string, { channel: Channel | undefined }>({
    ...shortLived,
    ...atMost(20_000),
    fetchMethod: async (channelId) => ({ channel: await fetchChannel(channelId) }),
  });
  const organisations = new LRUCache<string, { name: string | undefined }>({
    ...shortLived,
    max: 2000,
    fetchMethod: async (id) => ({ name: await fetchOrganisation(id) }),
  });
  const files = new LRUCache<string, FileValue>({ ...shortLived, max: 2000 });
  const guests = new LRUCache<string, Person[]>({
    ...shortLived,
    max: 2000,
    fetchMethod: (channelId) => outsidersAmong(channelId, guestsLimit),
  });
  /** The id never changes, but a person who has left cannot be written to. */
  const directMessages = new LRUCache<string, string>({ ...atMost(20_000), fetchMethod: openDirectMessage });
  const groupList = new LRUCache<'all', UserGroup[]>({ ...shortLived, max: 1, fetchMethod: fetchGroups });

  async function fetchPerson(userId: string): Promise<Person | undefined> {
    const answer = await ask(client.users.info({ user: userId, include_locale: true }), [
      'user_not_found',
      'user_not_visible',
    ]);
    if (!answer?.user) return undefined;
    const profile = answer.user as Profile;
    const person = readPerson(profile, home);
    readers.set(userId, { locale: person.locale, timezone: person.timezone });
    if (person.teamId === home.teamId || !person.isExternal) return person;
    const company = (await organisations.fetch(person.teamId))?.name;
    return company === undefined ? person : { ...person, company };
  }

  async function fetchPersonByEmail(email: string): Promise<string | undefined> {
    const answer = await ask(client.users.lookupByEmail({ email }), ['users_not_found', 'invalid_arguments']);
    return answer?.user?.id;
  }

  async function fetchOrganisation(id: string): Promise<string | undefined> {
    try {
      return (await client.team.info({ team: id })).team?.name;
    } catch (error) {
      // Slack has many reasons to hide an organisation's name, and it is not worth asking again.
      if (refusalOf(error) !== undefined) return undefined;
      throw unavailable(error);
    }
  }

  async function fetchGroupMembers(groupId: string): Promise<string[]> {
    const answer = await ask(client.usergroups.users.list({ usergroup: groupId }), [
      'no_such_subteam',
      'subteam_not_found',
    ]);
    return answer?.users ?? [];
  }

  async function fetchGroups(): Promise<UserGroup[]> {
    const answer = await ask(client.usergroups.list(), []);
    return (answer?.usergroups ?? []).flatMap(({ id, name, handle }) =>
      id ? [{ id, name: name ?? id, handle: handle ?? '' }] : [],
    );
  }

  async function fetchChannel(channelId: string): Promise<Channel | undefined> {
    const answer = await ask(client.conversations.info({ channel: channelId }), ['channel_not_found']);
    return answer?.channel && readChannel(answer.channel);
  }

  async function openDirectMessage(userId: string): Promise<string> {
    // Posting to a person's own id shows the message in their conversation with Slackbot, or is refused.
    const { channel } = await client.conversations.open({ users: userId });
    return channel?.id ?? userId;
  }

  async function fetchFile(fileId: string): Promise<FileValue | MissingFile | 'unfinished'> {
    try {
      return readFileInfo((await client.files.info({ file: fileId })).file);
    } catch (cause) {
      const scope = missingScopeOf(cause);
      if (scope) return { missing: message('file.noScope', { reason: scope }) };
      const refusal = refusalOf(cause);
      if (refusal === 'file_deleted') return { missing: message('file.deleted') };
      if (refusal !== undefined) return { missing: message('file.refused') };
      throw unavailable(cause);
    }
  }

  const person = async (userId: string) => (await people.fetch(userId))?.person;

  async function members(channelId: string, limit: number): Promise<string[]> {
    const answer = await ask(client.conversations.members({ channel: channelId, limit }), [
      'channel_not_found',
      'fetch_members_failed',
    ]);
    return answer?.members ?? [];
  }

  async function outsidersAmong(channelId: string, limit: number): Promise<Person[]> {
    const found = await Promise.all((await members(channelId, limit)).map(person));
    return found.flatMap((one) => (one?.isExternal && !one.isBot && !one.isDeleted ? [one] : []));
  }

  return {
    person,
    lastKnown: (userId) => readers.get(userId),
    groupMembers: async (groupId) => (await groups.fetch(groupId)) ?? [],
    personByEmail: async (email) => (await emails.fetch(email.toLowerCase()))?.userId,
    userGroups: async () => (await groupList.fetch('all')) ?? [],
    async placeName(id) {
      if (!id.startsWith('S')) return (await channels.fetch(id))?.channel?.name;
      return (await groupList.fetch('all'))?.find((group) => group.id === id)?.handle;
    },
    async file(fileId) {
      const known = files.get(fileId);
      if (known) return known;
      const seen = await fetchFile(fileId);
      // A missing file may be there the next time.
      if (seen !== 'unfinished' && 'link' in seen) files.set(fileId, seen);
      return seen;
    },
    channel: async (channelId) => (await channels.fetch(channelId))?.channel,
    directMessage: async (userId) => (await directMessages.fetch(userId)) ?? userId,
    async *channelPages() {
      for await (const listed of pages((search) => ask(bulkClient.conversations.list(search), []))) {
        const page = listed.flatMap((channel) => readChannel(channel) ?? []);
        for (const channel of page) channels.set(channel.id, { channel });
        yield page;
      }
    },
    async *ownChannelPages() {
      for await (const listed of pages((search) => ask(bulkClient.users.conversations(search), []))) {
        // This method's channels carry no `is_member`.
        yield listed.flatMap((channel) => readChannel({ ...channel, is_member: true }) ?? []);
      }
    },
    members,
    outsiders: (channelId) => outsidersAmong(channelId, membersLimit),
    guests: async (channelId) => (await guests.fetch(channelId)) ?? [],
    forgetPerson(userId) {
      people.delete(userId);
      directMessages.delete(userId);
      // The person may have become a guest.
      guests.clear();
      for (const [email, known] of emails.entries()) {
        // The person may now have an address that was not found before.
        if (known.userId === userId || known.userId === undefined) emails.delete(email);
      }
    },
    forgetGroups() {
      groups.clear();
      groupList.clear();
    },
    forgetChannel(channelId) {
      channels.delete(channelId);
      guests.delete(channelId);
    },
    forgetAll() {
      for (const cache of [people, emails, groups, channels, files, guests, organisations, directMessages, groupList]) {
        cache.clear();
      }
    },
  };
}

interface ListedChannels {
  channels?: ChannelObject[];
  response_metadata?: { next_cursor?: string };
}

/** All unarchived channels, page by page. */
async function* pages(
  list: (search: {
    types: string;
    exclude_archived: boolean;
    limit: number;
    cursor?: string;
  }) => Promise<ListedChannels | undefined>,
): AsyncIterable<ChannelObject[]> {
  const wanted = { types: 'public_channel,private_channel', exclude_archived: true, limit: 200 };
  let cursor: string | undefined;
  do {
    const answer = await list({ ...wanted, ...(cursor ? { cursor } : {}) });
    yield answer?.channels ?? [];
    cursor = answer?.response_metadata?.next_cursor;
  } while (cursor);
}

/** The answer, or undefined for one of the error codes that mean there is no such thing. */
async function ask<Answer>(call: Promise<Answer>, absences: string[]): Promise<Answer | undefined> {
  try {
    return await call;
  } catch (cause) {
    const slackError = platformError(cause);
    if (slackError !== undefined && absences.includes(slackError)) return undefined;
    throw unavailable(cause);
  }
}

function unavailable(cause: unknown): UnavailableError {
  const said = missingScopeOf(cause) ?? message('slack.away', { error: platformError(cause) ?? reasonOf(cause) });
  return new UnavailableError(said, { cause });
}
