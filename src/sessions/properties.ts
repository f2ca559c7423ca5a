import type { FileValue, Value, ValueType, Variables } from '../processes/value-types.ts';
import { type Key, type Message, message } from '../words/message.ts';
import type { Person } from './people.ts';
import { mentionsIn, placesIn, readableText } from './readable-text.ts';
import type { SessionFacts } from './session-facts.ts';

/** A piece of session data that a parameter can be filled from. */
export interface Property {
  code: PropertyCode;
  type: ValueType;
}

/** The languages name each property under the key `property.<code>`, see {@link propertyName}. */
export type PropertyCode = Key extends infer Name ? (Name extends `property.${infer Code}` ? Code : never) : never;

/** The people in a session's facts, by Slack id; without those that Slack hides. */
export type PeopleById = ReadonlyMap<string, Person>;

interface Source {
  facts: SessionFacts;
  people: PeopleById;
  /** Names of the channels and user groups that messages mention, by Slack id; absent if they were not loaded. */
  places?: ReadonlyMap<string, string> | undefined;
  /** The workspace's URL with a trailing slash: `https://acme.slack.com/`. */
  workspaceUrl: string;
  /** The message's files, with details. */
  files: FileValue[];
}

type PropertyDefinition = Property & { read: (source: Source) => Value | null | undefined };

const client = ({ facts, people }: Source) => people.get(facts.clientUserId ?? '');
/** Fallback for `client.isExternal` when Slack hides the profile; undefined if the message does not say either. */
const isOutsideByMessage = ({ message, clientUserId }: SessionFacts) =>
  message?.userId === clientUserId ? message?.isOutside : undefined;
const operator = ({ facts, people }: Source) => people.get(facts.operatorUserId ?? '');

const definitions: PropertyDefinition[] = [
  { code: 'liveChat.name', type: 'text', read: (source) => source.facts.liveChatName },
  { code: 'session.name', type: 'text', read: (source) => source.facts.sessionName },
  {
    code: 'session.link',

    type: 'link',
    read: ({ facts, workspaceUrl }) => sessionLink(facts, workspaceUrl),
  },
  { code: 'session.status', type: 'choice', read: (source) => source.facts.status },
  {
    code: 'session.messageCount',

    type: 'number',
    read: (source) => source.facts.messageCount,
  },
  {
    code: 'session.openedAt',

    type: 'datetime',
    read: (source) => isoWithOffset(source.facts.openedAt),
  },
  {
    code: 'session.closedAt',

    type: 'datetime',
    read: ({ facts }) => (facts.closedAt ? isoWithOffset(facts.closedAt) : null),
  },
  {
    code: 'session.lastClientMessageAt',
    type: 'datetime',
    read: ({ facts }) => (facts.lastClientMessageAt ? isoWithOffset(facts.lastClientMessageAt) : null),
  },
  {
    code: 'session.lastAnsweredAt',
    type: 'datetime',
    read: ({ facts }) => (facts.lastAnsweredAt ? isoWithOffset(facts.lastAnsweredAt) : null),
  },
  { code: 'session.isBusinessHours', type: 'boolean', read: ({ facts }) => facts.isBusinessHours },
  { code: 'session.transcript', type: 'text', read: transcript },
  { code: 'client.name', type: 'text', read: (source) => client(source)?.name },
  { code: 'client.title', type: 'text', read: (source) => client(source)?.title },
  { code: 'client.company', type: 'text', read: (source) => client(source)?.company },
  { code: 'client.timezone', type: 'text', read: (source) => client(source)?.timezone },
  { code: 'client.email', type: 'email', read: (source) => client(source)?.email },
  { code: 'client.phone', type: 'phone', read: (source) => client(source)?.phone },
  { code: 'client.user', type: 'user', read: ({ facts }) => facts.clientUserId },
  {
    code: 'client.isExternal',

    type: 'boolean',
    read: (source) => client(source)?.isExternal ?? isOutsideByMessage(source.facts),
  },
  { code: 'operator.name', type: 'text', read: (source) => operator(source)?.name },
  { code: 'operator.email', type: 'email', read: (source) => operator(source)?.email },
  { code: 'operator.user', type: 'user', read: ({ facts }) => facts.operatorUserId },
  {
    code: 'message.text',

    type: 'text',
    read: (source) => source.facts.message && readable(source, source.facts.message.text),
  },
  {
    code: 'message.link',

    type: 'link',
    read: ({ facts, workspaceUrl }) => messageLink(facts, workspaceUrl),
  },
  {
    code: 'message.sentAt',

    type: 'datetime',
    read: ({ facts }) => facts.message && isoWithOffset(instantOf(facts.message.ts).toISOString()),
  },
  { code: 'message.isFirst', type: 'boolean', read: ({ facts }) => (facts.message ? facts.isFirstMessage : null) },
  { code: 'message.files', type: 'files', read: ({ files }) => files },
  { code: 'message.reaction', type: 'text', read: ({ facts }) => facts.reaction?.emoji },
];

/** Every property of a session, in the order people see. */
export const properties: Property[] = definitions.map(({ code, type }) => ({ code, type }));

const byCode: ReadonlyMap<string, Property> = new Map(properties.map((property) => [property.code, property]));

/** Returns undefined if sessions have no such property. */
export const propertyOf = (code: string): Property | undefined => byCode.get(code);

export function propertyName({ code }: Pick<Property, 'code'>): Message {
  return message(`property.${code}`);
}

/**
 * The values of a session's properties by code. Absent and empty properties are left out. `wanted`: codes of the properties to
 * compute; absent: all.
 */
export function propertyValues(source: Source, wanted?: readonly string[]): Variables {
  const values: Variables = {};
  for (const { code, read } of definitions) {
    if (wanted && !wanted.includes(code)) continue;
    const value = read(source);
    if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    values[code] = Array.isArray(value) ? value.map((file) => ({ ...file })) : value;
  }
  return values;
}

/** The Slack ids of the people that the properties are made of. */
export function peopleOf(
  facts: Pick<SessionFacts, 'clientUserId' | 'operatorUserId' | 'transcript' | 'message'>,
): string[] {
  const messages = [...facts.transcript, ...(facts.message ? [facts.message] : [])];
  const ids = [
    facts.clientUserId,
    facts.operatorUserId,
    ...messages.flatMap((message) => [message.userId, ...mentionsIn(message.text)]),
  ];
  return [...new Set(ids.flatMap((id) => id || []))];
}

/** The instant of a Slack timestamp (`1700000000.000100`: seconds since 1970, then digits that make it unique). */
export function instantOf(ts: string): Date {
  return new Date(Number.parseFloat(ts) * 1000);
}

/** A Slack timestamp in microseconds since 1970; unique within a conversation. */
export function microsecondsOf(ts: string): number {
  return Math.round(Number.parseFloat(ts) * 1_000_000);
}

/** The Slack ids of the channels and user groups that the properties mention. */
export function placesOf({ transcript, message }: SessionFacts): string[] {
  const texts = [...transcript, ...(message ? [message] : [])].map(({ text }) => text);
  return [...new Set(texts.flatMap(placesIn))];
}

function readable({ people, places }: Pick<Source, 'people' | 'places'>, text: string): string {
  return readableText(text, (id) => people.get(id)?.name ?? places?.get(id));
}

/** URL of the session's conversation. `workspaceUrl` ends with a slash. */
export function sessionLink({ channelId }: SessionFacts, workspaceUrl: string): string {
  return `${workspaceUrl}archives/${channelId}`;
}

/** URL of the message that the facts are about, in its thread if it has one; null without a message. */
export function messageLink(facts: SessionFacts, workspaceUrl: string): string | null {
  if (!facts.message) return null;
  const { ts, threadTs } = facts.message;
  const link = `${sessionLink(facts, workspaceUrl)}/p${ts.replace('.', '')}`;
  return threadTs && threadTs !== ts ? `${link}?thread_ts=${threadTs}&cid=${facts.channelId}` : link;
}

function transcript({ facts, people, places }: Source): string {
  const lines = facts.transcript.map((message) => {
    const time = instantOf(message.ts).toISOString().slice(0, 16).replace('T', ' ');
    const author = people.get(message.userId ?? '')?.name ?? message.authorName ?? message.userId ?? 'App';
    return `[${time} UTC] ${author}: ${readable({ people, places }, message.text).replaceAll(/\s*\n\s*/g, ' ')}`;
  });
  return lines.join('\n');
}

/** Replaces the `Z` that JavaScript writes with `+00:00`, which FEEL reads. */
function isoWithOffset(iso: string): string {
  return iso.replace(/(\.\d+)?Z$/, '+00:00');
}
