import type { StateValues, View } from './block-kit/types.ts';
import type { JsonObject } from './json.ts';

/** A workspace or organisation: the app's own, or one that shares channels with it. */
export interface TeamRecord {
  id: string;
  name: string;
  domain: string;
}

export interface UserRecord {
  id: string;
  teamId: string;
  /** The handle, as in `@anna`. */
  handle: string;
  realName: string;
  displayName: string;
  title: string;
  email?: string | undefined;
  phone?: string | undefined;
  /** Members of other organisations may hide e-mail and phone. */
  hidesContact: boolean;
  /** Whether Slack hides them from the app completely: `users.info` refuses. */
  isHidden?: boolean | undefined;
  /** IANA time zone, such as `Europe/Berlin`. */
  timeZone: string;
  /** BCP 47, such as `en-US`: the language of their Slack. */
  locale: string;
  isAdmin: boolean;
  isOwner: boolean;
  isRestricted: boolean;
  isUltraRestricted: boolean;
  isBot: boolean;
  deleted: boolean;
  /** Seconds since 1970. */
  updated: number;
}

export interface UserGroupRecord {
  id: string;
  handle: string;
  name: string;
  description: string;
  users: string[];
  createdBy: string;
  created: number;
  updated: number;
  /** Seconds since 1970 when it was disabled, else 0. */
  disabledAt: number;
}

/**
 * How Slack hides a file from the app. `id_only`: messages contain only its id, and files.info shows the rest. `uploading`:
 * neither shows it until the upload is finished. `deleted` and `hidden_by_limit` (the storage limit of a free plan): nothing
 * shows it any more. `refused`: the app may not see it.
 */
export type FileStub = 'id_only' | 'uploading' | 'deleted' | 'hidden_by_limit' | 'refused';

export interface FileRecord {
  id: string;
  name: string;
  mimetype: string;
  user: string;
  userTeam: string;
  created: number;
  /** Base64. */
  content: string;
  size: number;
  /** Conversations where it was shared. */
  channels: string[];
  /** Whether it was uploaded into a modal of the app, which may read it from then on. */
  givenToApp: boolean;
  /** How Slack hides it from the app; absent: not at all. */
  stub?: FileStub | undefined;
  /** When it is scanned, in milliseconds since 1970. Before that its type is unknown, and no block can show it. */
  scannedAt?: number;
}

export interface MessageRecord {
  ts: string;
  /** The workspace's `revision` when the message last changed. */
  revision: number;
  channel: string;
  user?: string | undefined;
  team?: string | undefined;
  text: string;
  /** False: Slack formats nothing in the text. */
  mrkdwn?: boolean | undefined;
  subtype?: string | undefined;
  threadTs?: string | undefined;
  clientMsgId?: string | undefined;
  blocks?: JsonObject[] | undefined;
  attachments?: JsonObject[] | undefined;
  metadata?: JsonObject | undefined;
  files?: string[] | undefined;
  edited?: { user: string; ts: string } | undefined;
  /** Set if the app (or another app) posted it. */
  botId?: string | undefined;
  appId?: string | undefined;
  username?: string | undefined;
  /** Fields of a subtype, such as `topic` or `inviter`. */
  details?: JsonObject | undefined;
  /** For an ephemeral message: the person who sees it. */
  ephemeralTo?: string | undefined;
  reactions?: { name: string; users: string[] }[] | undefined;
  deleted?: boolean | undefined;
  /** The values of the message's own inputs. */
  values?: StateValues | undefined;
}

export interface ChannelRecord {
  id: string;
  name: string;
  kind: 'channel' | 'im';
  isPrivate: boolean;
  isGeneral: boolean;
  isArchived: boolean;
  isDeleted: boolean;
  creator: string;
  created: number;
  updated: number;
  topic: { value: string; creator: string; last_set: number };
  purpose: { value: string; creator: string; last_set: number };
  previousNames: string[];
  members: string[];
  /** Other organisations that share the channel. */
  connectedTeamIds: string[];
  /** The person on the other side of a direct message with the app. */
  imUser?: string | undefined;
  messages: MessageRecord[];
}

export interface ViewRecord {
  id: string;
  userId: string;
  /** The view as the app sent it, with ids filled in. */
  view: View;
  hash: string;
  rootViewId: string;
  previousViewId: string | null;
  values: StateValues;
  /** The errors shown at fields, by block id. */
  errors: Record<string, string>;
  /** The text shown above the form if Slack could not deliver. */
  banner?: string | undefined;
  /** Whether the app has not answered a submission yet. */
  isSubmitting?: boolean | undefined;
}

export interface TriggerRecord {
  id: string;
  userId: string;
  /** Milliseconds since 1970. */
  at: number;
  used: boolean;
  /** The view in which the person acted. */
  viewId?: string | undefined;
  /** The conversation in which the person acted. */
  channel?: string | undefined;
}

export interface ResponseUrlRecord {
  id: string;
  userId: string;
  channel: string;
  messageTs?: string | undefined;
  ephemeral: boolean;
  at: number;
  uses: number;
}

/** The whole state of the workspace as plain data, which can be stored. */
export interface WorkspaceState {
  team: TeamRecord;
  otherTeams: TeamRecord[];
  app: { id: string; botId: string; botUserId: string; name: string };
  users: Record<string, UserRecord>;
  userGroups: Record<string, UserGroupRecord>;
  channels: Record<string, ChannelRecord>;
  files: Record<string, FileRecord>;
  views: Record<string, ViewRecord>;
  /** Open modals: the view ids of a person's stack, the topmost last. */
  modals: Record<string, string[]>;
  homes: Record<string, string>;
  triggers: Record<string, TriggerRecord>;
  responseUrls: Record<string, ResponseUrlRecord>;
  /** Slack's own notices to a person, such as that the app did not respond. */
  notices: Record<string, string[]>;
  /** The newest message that a person has seen, by person and conversation. */
  lastRead: Record<string, Record<string, string>>;
  /** Increases with every change of a message. */
  revision: number;
  /** The steps of the checklist that were done. */
  done: string[];
  /** Identifies the workspace; changes when it is reset. */
  epoch: string;
  sequence: number;
  lastMicroseconds: number;
}

/** Removes the prototypes of the state's tables, so that a lookup of `constructor` and similar ids finds nothing. */
export function asTables(state: WorkspaceState): WorkspaceState {
  for (const table of Object.values(state)) {
    if (typeof table === 'object' && !Array.isArray(table)) Object.setPrototypeOf(table, null);
  }
  return state;
}

/** Trigger ids and response URLs are dropped after this time. Slack's are valid for seconds or half an hour. */
const keepMs = 3_600_000;

/** Deletes the records that are too old to be used. Records are in the order of their creation. */
export function forgetOld(records: Record<string, { at: number }>, nowMs: number): void {
  // Not Object.entries, which would build the whole list to read its first item.
  for (const id in records) {
    if (nowMs - (records[id]?.at ?? 0) < keepMs) return;
    delete records[id];
  }
}

/** A new id with Slack's prefix: `C` channel, `U` user, `V` view … */
export function newId(state: WorkspaceState, prefix: string): string {
  state.sequence += 1;
  return `${prefix}0${state.sequence.toString(36).toUpperCase().padStart(9, '0')}`;
}

/** A new `ts`: seconds and microseconds, later than every earlier one. */
export function newTs(state: WorkspaceState, nowMs: number): string {
  state.lastMicroseconds = Math.max(nowMs * 1000, state.lastMicroseconds + 1);
  const seconds = Math.floor(state.lastMicroseconds / 1_000_000);
  return `${seconds}.${String(state.lastMicroseconds % 1_000_000).padStart(6, '0')}`;
}
