/**
 * What the sandbox's page and its server say to each other: JSON texts over one WebSocket at `/sandbox/socket`.
 * Types only, so that the page can import it.
 *
 * - The server speaks first: `hello`, then `people`, `wire` and `checklist`. From then on it pushes whatever changes, at
 *   once and by itself; the page asks for nothing twice.
 * - The page says who acts (`act_as`), and gets that person's `conversations`, `modals` and `home`. A page that connects
 *   again says `act_as` and `open_conversation` again.
 * - Each request has an `id` of the page's choice and gets exactly one {@link Answer} with it. Requests take effect in
 *   the order in which they were sent, but answers may overtake one another: whatever asks the app is answered only when
 *   the app has acknowledged, or has not within Slack's 3 seconds. What follows from a request is pushed before its
 *   answer.
 * - The page itself is served at `/`, and keeps where it is in the URL's hash: no other path leads to it.
 */
import type { Block, StateValues, TextObject } from '../block-kit/types.ts';
import type { JsonObject } from '../json.ts';

/** The answer to the request with that id. A refusal's `error` is a sentence for the person. */
export type Answer = { answer: number; ok: true; result: unknown } | { answer: number; ok: false; error: string };

export type RequestName = keyof Requests;

/** Every request: what it takes, and what its answer's `result` is. It is sent as `{ id, request: <its name>, args }`. */
export interface Requests {
  /** From now on everything is seen and done as this person. The first request of every connection. */
  act_as: { args: { userId: string }; result: null };

  /**
   * Opens a conversation: gives its newest page of messages, and from now on pushes what changes in it (`messages`)
   * instead of in the one before. `null` closes it.
   */
  open_conversation: { args: { conversation: string | null }; result: MessagePage };
  /**
   * One page of the conversation (`threadTs` absent) or of a thread, whose root comes first on its oldest page: the newest
   * page, or the one before the message `before`.
   */
  load_messages: {
    args: { conversation: string; threadTs?: string | undefined; before?: string | undefined };
    result: MessagePage;
  };
  /** The person has seen everything up to this message. */
  mark_read: { args: { conversation: string; ts: string }; result: null };
  /** Opens the direct messages with the app, made if there were none. The app hears of it if it subscribes to that. */
  open_app: { args: { tab: 'home' | 'messages' }; result: { conversation: string } };

  /**
   * Writes a message. `text` as typed: `@handle`, `@group` and `#channel` become mentions, links and e-mail addresses
   * links, `*bold*`, `_italic_`, `~struck~` and `` `code` `` what they are in Slack.
   */
  post: {
    args: {
      conversation: string;
      text: string;
      threadTs?: string | undefined;
      broadcast?: boolean | undefined;
      uploads?: string[] | undefined;
    };
    result: { ts: string };
  };
  edit: { args: MessageAddress & { text: string }; result: null };
  delete: { args: MessageAddress; result: null };
  /** Adds (`on`) or takes back the person's reaction; `name` without colons. */
  react: { args: MessageAddress & { name: string; on: boolean }; result: null };
  /** Takes an "Only visible to you" message off the screen. */
  dismiss: { args: MessageAddress; result: null };
  /** Begins to upload a file of this size in bytes, at most {@link Hello.maxFileBytes}. Its id goes into `post` or `enter`. */
  begin_upload: { args: { name: string; mimetype: string; size: number }; result: { upload: string } };
  /** The next part of it, base64, at most {@link Hello.maxPartBytes} bytes before encoding. */
  upload_part: { args: { upload: string; data: string }; result: { received: number } };

  /** Creates a channel and is in it. `sharedWith` is another organisation's id. */
  create_channel: {
    args: {
      name: string;
      isPrivate?: boolean | undefined;
      sharedWith?: string | undefined;
      topic?: string | undefined;
      invite?: string[] | undefined;
    };
    result: { conversation: string };
  };
  rename_channel: { args: { conversation: string; name: string }; result: null };
  set_topic: { args: { conversation: string; topic: string }; result: null };
  archive_channel: { args: { conversation: string }; result: null };
  unarchive_channel: { args: { conversation: string }; result: null };
  delete_channel: { args: { conversation: string }; result: null };
  /** Connects the channel with another organisation. */
  share_channel: { args: { conversation: string; teamId: string }; result: null };
  /** Adds people, or the app by its user id. Those of other organisations once the channel is shared with theirs. */
  invite: { args: { conversation: string; userIds: string[] }; result: null };
  remove: { args: { conversation: string; userId: string }; result: null };
  join: { args: { conversation: string }; result: null };
  leave: { args: { conversation: string }; result: null };

  /** Runs a slash command as typed, such as `/invite @oleg`: one of {@link Hello.commands}. */
  run_command: { args: { conversation: string; text: string }; result: null };
  /** Uses one of the app's shortcuts: on a message, or a global one (`message` absent). */
  use_shortcut: {
    args: { callbackId: string; message?: MessageAddress | undefined; conversation?: string | undefined };
    result: null;
  };

  /** Presses a button, or picks an item (`option`, its value or its index) of an overflow menu. Asking to confirm is the page's. */
  press: { args: ElementAddress & { option?: string | number | undefined }; result: null };
  /**
   * Enters a value; `null` empties the field. What it is depends on the element:
   * text inputs and rich text input: the text · datepicker: `YYYY-MM-DD` · timepicker: `HH:mm` · datetimepicker: seconds
   * since 1970 · single selects and radio buttons: the option's value, or the id of the person or conversation · multi
   * selects and checkboxes: all of them, in order · file_input: upload ids (or ids of files that are in there already).
   *
   * Typing sends it with every change, or after a short pause: what was entered last counts, also for the `submit` that
   * is sent right after it. `pressedEnter`: the person pressed Enter in a text input.
   */
  enter: {
    args: ElementAddress & { value: string | number | string[] | null; pressedEnter?: boolean | undefined };
    result: null;
  };
  /**
   * What a select offers once this is typed; for external ones the app is asked. With fewer characters than the element's
   * `min_query_length` (default 3) an external select offers nothing.
   */
  suggest: { args: ElementAddress & { typed: string }; result: { groups: ShownChoiceGroup[] } };

  /** Presses the submit button of the topmost view. Field errors and the like are pushed as `modals`. */
  submit: { args: { viewId: string }; result: null };
  /** Presses its close button, or Escape: the view below shows again. Nothing, if it is not in front any more. */
  close: { args: { viewId: string }; result: null };
  /** Presses the X: every view of the stack that this view is in closes. */
  close_all: { args: { viewId: string }; result: null };

  /** Pushes `traffic` from now on, what went before first, or no longer. */
  watch_traffic: { args: { on: boolean }; result: null };
  /** Everything about one delivery or call. */
  traffic_details: { args: { entry: string }; result: TrafficDetails };
  /** Makes Slack misbehave. */
  fault: { args: Fault; result: null };
  /** Begins anew: the workspace and all that the app knows of it are as on the first day. Every page gets a new `hello`. */
  reset: { args: Record<string, never>; result: null };
}

/** What the server says without being asked. Every list in it is complete unless it says otherwise. */
export type Push =
  | ({ push: 'hello' } & Hello)
  /** Everybody in the workspace and in the shared channels, the app included, and the user groups. */
  | { push: 'people'; people: ShownPerson[]; userGroups: ShownUserGroup[] }
  /** The conversations that the person can see: all of them (`reset`), or those that changed and those that are gone. */
  | { push: 'conversations'; reset: boolean; changed: ShownConversation[]; removed: string[] }
  /**
   * What changed in the open conversation, thread replies included: put in or replace by `ts`, and take out what is
   * `removed` (by `ts`). A page ignores messages older than those it has loaded, and replies of threads it does not show.
   */
  | { push: 'messages'; conversation: string; changed: ShownMessage[]; removed: string[] }
  /** The person's open views, the topmost last; empty: no modal is open. */
  | { push: 'modals'; stack: ShownModal[] }
  /** The app's home tab as it shows it to the person; null: nothing published yet. */
  | { push: 'home'; home: ShownHome | null }
  /** Something that Slack itself tells the person, such as that the app did not answer. Shown for a moment. */
  | { push: 'notice'; text: string }
  /** Deliveries and calls that are new or changed, by id; `reset`: in place of all before. Newest last. */
  | { push: 'traffic'; reset: boolean; entries: TrafficEntry[] }
  | ({ push: 'wire' } & WireState)
  | { push: 'checklist'; steps: ChecklistStep[] };

export interface Hello {
  /** Changes when the workspace is reset: the page forgets everything and says `act_as` again. */
  epoch: string;
  /** Links to what is in the workspace begin with `https://<domain>.slack.com/archives/`. */
  team: ShownTeam & { domain: string };
  /** Organisations that channels can be shared with. */
  otherTeams: ShownTeam[];
  app: { name: string; userId: string; homeTab: boolean; messagesTab: boolean };
  /** Slack's own and the app's, for completion. */
  commands: { command: string; description: string; usage: string; isOfApp: boolean }[];
  shortcuts: { callbackId: string; name: string; description: string; type: 'message' | 'global' }[];
  /** Further pages of this sandbox, such as a CRM. */
  links: { label: string; url: string }[];
  maxFileBytes: number;
  maxPartBytes: number;
  /** How many messages a page of a conversation has. */
  pageSize: number;
}

export interface ShownTeam {
  id: string;
  name: string;
}

export interface ShownPerson {
  id: string;
  /** As in `@oleg`. */
  handle: string;
  name: string;
  displayName: string;
  title: string;
  email?: string | undefined;
  phone?: string | undefined;
  /** IANA, such as `Europe/Berlin`. */
  timeZone: string;
  teamId: string;
  teamName: string;
  isAdmin: boolean;
  isOwner: boolean;
  /** A guest of the workspace: sees only the channels they are in. */
  isGuest: boolean;
  /** Of another organisation. */
  isExternal: boolean;
  /** The app itself, as whom nobody can act. */
  isApp: boolean;
  isDeactivated: boolean;
}

export interface ShownUserGroup {
  id: string;
  handle: string;
  name: string;
  users: string[];
}

export interface ShownConversation {
  id: string;
  /** `app`: the direct messages with the app. */
  kind: 'channel' | 'app';
  name: string;
  isPrivate: boolean;
  isArchived: boolean;
  isGeneral: boolean;
  /** Names of the other organisations that it is shared with. */
  sharedWith: string[];
  topic: string;
  /** Is the person in it? Otherwise it is one that they could join. */
  isMember: boolean;
  hasApp: boolean;
  members: string[];
  creator: string;
  /** Messages of others that the person has not read; 100 means 100 or more. Always 0 outside. */
  unread: number;
  /** The last message they read; '' for none. */
  lastRead: string;
  /** Of the newest message; '' for none. */
  latestTs: string;
  may: { post: boolean; rename: boolean; archive: boolean; delete: boolean; invite: boolean; leave: boolean };
}

export interface MessageAddress {
  conversation: string;
  ts: string;
}

/** Oldest first. */
export interface MessagePage {
  messages: ShownMessage[];
  /** Are there any before these? */
  hasOlder: boolean;
}

export interface ShownMessage {
  /** Identifies it within its conversation; sorts by time. Seconds since 1970 with microseconds. */
  ts: string;
  /** Who wrote it, or whom a notice is about. `USLACKBOT` is Slack itself. */
  userId: string;
  /** The author's name as shown, which an app may choose. */
  authorName: string;
  isByApp: boolean;
  /** mrkdwn with `&`, `<` and `>` escaped. Shown where there are no blocks. */
  text: string;
  /** False: nothing in the text is formatting. Mentions and links are what they are. */
  mrkdwn?: boolean | undefined;
  /** Slack's subtype: `channel_join`, `channel_topic` … are notices; `me_message`, `tombstone` … look different. */
  subtype?: string | undefined;
  /** A line that Slack itself wrote, such as "has joined the channel": shown small. */
  isNotice: boolean;
  blocks?: Block[] | undefined;
  attachments?: JsonObject[] | undefined;
  files: ShownFile[];
  isEdited: boolean;
  /** "Only visible to you". */
  isEphemeral: boolean;
  /** Set on replies and on roots of threads (there equal to `ts`). */
  threadTs?: string | undefined;
  /** Belongs into the conversation: not a reply, or one that was also sent to the channel. */
  isInChannel: boolean;
  replyCount: number;
  replyUsers: string[];
  latestReply?: string | undefined;
  reactions: { name: string; users: string[] }[];
  /** What is chosen in the message's own fields. */
  values: StateValues;
  /** As it was typed, for editing; only where the person may edit it. */
  source?: string | undefined;
  may: { edit: boolean; delete: boolean; react: boolean; reply: boolean; shortcuts: boolean; dismiss: boolean };
}

export interface ShownFile {
  id: string;
  name: string;
  mimetype: string;
  /** Bytes. */
  size: number;
  /** Where the page gets it; images can be shown from there. */
  url: string;
}

/** Where blocks are shown. */
export type SurfaceAddress =
  | ({ surface: 'message' } & MessageAddress)
  | { surface: 'modal'; viewId: string }
  | { surface: 'home' };

export type ElementAddress = SurfaceAddress & {
  blockId: string;
  actionId: string;
  /** Of a button, as it was when the person pressed it. */
  buttonValue?: string | undefined;
};

export interface ShownModal {
  viewId: string;
  /** Changes with every update by the app. */
  hash: string;
  title: TextObject;
  submit?: TextObject | undefined;
  close?: TextObject | undefined;
  blocks: Block[];
  /**
   * By block id and action id; see {@link StateValues}. What a page enters is not pushed back to it: what it holds for a
   * field stays, unless the element is a new one (another view, block id, action id or type).
   */
  values: StateValues;
  /** By block id. */
  errors: Record<string, string>;
  /** Above the form, where the app did not answer properly. */
  banner?: string | undefined;
  /** The app is being asked: the submit button shows that it is at work, and nothing can be pressed. */
  isSubmitting: boolean;
}

export interface ShownHome {
  viewId: string;
  hash: string;
  blocks: Block[];
  values: StateValues;
}

export interface ShownChoiceGroup {
  /** Empty where they are not grouped. */
  label: string;
  options: { text: string; value: string; description?: string | undefined }[];
}

/** One delivery to the app, or one Web API call of it, without what it carries. */
export interface TrafficEntry {
  id: string;
  /** `call`: the app called; the others were delivered to it. */
  kind: 'call' | 'event' | 'interaction' | 'command' | 'options';
  /** `chat.postMessage`, `message`, `view_submission`, `/livechat-config` … */
  type: string;
  /** What it is about, in a few words: a callback id, a channel's name … */
  about: string;
  /** Milliseconds since 1970. */
  at: number;
  /** `failed`: refused, or given up. `pending`: waits for its redelivery. */
  state: 'under_way' | 'done' | 'failed' | 'pending' | 'held';
  /** Until the answer or acknowledgement of the last attempt, in milliseconds. */
  latencyMs?: number | undefined;
  /** HTTP status, where there is one. */
  status?: number | undefined;
  /** Slack's error code, or why the last attempt failed. */
  error?: string | undefined;
  /** How often it was delivered so far; 1 for calls. */
  attempts: number;
}

export interface TrafficDetails extends TrafficEntry {
  /** The delivery's body, or the call's arguments. */
  payload: JsonObject;
  /** What the call was answered, or what the app acknowledged with. */
  reply?: unknown;
  /** Of deliveries, the first one first. */
  history: {
    at: number;
    acknowledged: boolean;
    latencyMs: number;
    status?: number | undefined;
    reason?: string | undefined;
    answer?: unknown;
  }[];
}

/** The state of the connection to the app, and of the faults that are on. */
export interface WireState {
  /** How the app gets its deliveries, and whether it can now. */
  mode: 'socket' | 'http';
  connections: number;
  /** New connections are refused. */
  isRefusing: boolean;
  /** Events are held back; how many are. */
  isHolding: boolean;
  held: number;
  /** Calls that will be answered wrongly; `*` is every method. */
  planned: { method: string; answer: string; left: number }[];
}

export type Fault =
  /** Delivers an earlier delivery once more. */
  | { fault: 'redeliver'; entry: string }
  /** Holds events back … */
  | { fault: 'hold' }
  /** … and delivers those held, reversed and several times over if so wanted. */
  | { fault: 'release'; reverse: boolean; times: number }
  /** Cuts the Socket Mode connections. */
  | { fault: 'drop' }
  | { fault: 'refuse'; on: boolean }
  /** Asks the app to connect anew, as Slack does every few hours. */
  | { fault: 'reconnect' }
  /** The next calls of a method (`*`: of any) are answered so. */
  | { fault: 'answer'; method: string; status: 429 | 500; times: number }
  /** Takes back the planned answers. */
  | { fault: 'clear' };

/** One step of what there is to try first. */
export interface ChecklistStep {
  id: string;
  title: string;
  /** How to do it, in mrkdwn. */
  text: string;
  /** As whom: the page offers to switch. */
  actAs?: string | undefined;
  /** In which channel, by its name: the page leads there. */
  channel?: string | undefined;
  /** Where to look at what came of it. */
  link?: { label: string; url: string } | undefined;
  isDone: boolean;
}
