/**
 * The protocol between the sandbox's page and its server: JSON texts over one WebSocket at `/sandbox/socket`.
 * Types only, so that the page can import it.
 *
 * - The server begins: `hello`, then `people`, `wire` and `checklist`. From then on it pushes every change at once; the
 *   page never polls.
 * - The page names the acting person (`act_as`), and gets that person's `conversations`, `modals` and `home`. After
 *   reconnecting it sends `act_as` and `open_conversation` again.
 * - Each request has an `id` chosen by the page and gets exactly one {@link Answer} with it. Requests take effect in the
 *   order in which they were sent, but answers may come in another order: a request that involves the app is answered only
 *   after the app has acknowledged, or has not within Slack's 3 seconds. The results of a request are pushed before its
 *   answer.
 * - The page itself is served at `/`, and keeps its state in the URL's hash; it has no other path.
 */
import type { Block, StateValues, TextObject } from '../block-kit/types.ts';
import type { JsonObject } from '../json.ts';

/** The answer to the request with that id. `error` is a sentence for the person. */
export type Answer = { answer: number; ok: true; result: unknown } | { answer: number; ok: false; error: string };

export type RequestName = keyof Requests;

/** All requests, with their arguments and the `result` of their answer. Sent as `{ id, request: <its name>, args }`. */
export interface Requests {
  /** Sets the acting person for all that follows. The first request of every connection. */
  act_as: { args: { userId: string }; result: null };

  /**
   * Opens a conversation: returns its newest page of messages, and pushes its changes (`messages`) instead of the previous
   * conversation's. `null` closes it.
   */
  open_conversation: { args: { conversation: string | null }; result: MessagePage };
  /**
   * Returns a page of the conversation (`threadTs` absent) or of a thread: the newest page, or the one before the message
   * `before`. The root of a thread comes first on its oldest page.
   */
  load_messages: {
    args: { conversation: string; threadTs?: string | undefined; before?: string | undefined };
    result: MessagePage;
  };
  /** The person has seen everything up to this message. */
  mark_read: { args: { conversation: string; ts: string }; result: null };
  /** Opens the direct messages with the app; creates them if needed. Sends `app_home_opened` if the app subscribes to it. */
  open_app: { args: { tab: 'home' | 'messages' }; result: { conversation: string } };

  /**
   * Writes a message. `text` is as typed: `@handle`, `@group` and `#channel` become mentions, links and e-mail addresses become
   * links, and `*bold*`, `_italic_`, `~struck~` and `` `code` `` are styled as in Slack.
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
  /** Adds (`on`) or removes the person's reaction; `name` without colons. */
  react: { args: MessageAddress & { name: string; on: boolean }; result: null };
  /** Removes an "Only visible to you" message from the screen. */
  dismiss: { args: MessageAddress; result: null };
  /** Begins to upload a file of this size in bytes, at most {@link Hello.maxFileBytes}. Its id goes into `post` or `enter`. */
  begin_upload: { args: { name: string; mimetype: string; size: number }; result: { upload: string } };
  /** Uploads the next part, base64, at most {@link Hello.maxPartBytes} bytes before encoding. */
  upload_part: { args: { upload: string; data: string }; result: { received: number } };

  /** Creates a channel and joins it. `sharedWith` is another organisation's id. */
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
  /**
   * Adds people, or the app by its user id. People of other organisations can be added once the channel is shared with theirs.
   */
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

  /**
   * Presses a button, or picks an item (`option`, its value or its index) of an overflow menu. The page asks for confirmation.
   */
  press: { args: ElementAddress & { option?: string | number | undefined }; result: null };
  /**
   * Enters a value; `null` empties the field. The value depends on the element:
   * text inputs and rich text input: the text · datepicker: `YYYY-MM-DD` · timepicker: `HH:mm` · datetimepicker: seconds since
   * 1970 · single selects and radio buttons: the option's value, or the id of the person or conversation · multi selects and
   * checkboxes: all of them, in order · file_input: upload ids (or ids of files that are already there).
   *
   * While a person types, it is sent after every change or a short pause: the last value counts, also for a `submit` that is
   * sent right after it. `pressedEnter`: the person pressed Enter in a text input.
   */
  enter: {
    args: ElementAddress & { value: string | number | string[] | null; pressedEnter?: boolean | undefined };
    result: null;
  };
  /**
   * Returns the choices of a select for the typed text; for external selects the app is asked. With fewer characters than the
   * element's `min_query_length` (default 3) an external select has no choices.
   */
  suggest: { args: ElementAddress & { typed: string }; result: { groups: ShownChoiceGroup[] } };

  /** Presses the submit button of the topmost view. Field errors are pushed as `modals`. */
  submit: { args: { viewId: string }; result: null };
  /** Presses its close button, or Escape: the view below appears again. Does nothing if the view is no longer on top. */
  close: { args: { viewId: string }; result: null };
  /** Presses the X: closes every view of the stack that contains this view. */
  close_all: { args: { viewId: string }; result: null };

  /** Starts pushing `traffic`, beginning with the earlier entries, or stops it. */
  watch_traffic: { args: { on: boolean }; result: null };
  /** Everything about one delivery or call. */
  traffic_details: { args: { entry: string }; result: TrafficDetails };
  /** Makes Slack misbehave. */
  fault: { args: Fault; result: null };
  /** Resets the workspace and the app's data to their initial state. Every page gets a new `hello`. */
  reset: { args: Record<string, never>; result: null };
}

/** Messages that the server pushes. Every list in them is complete unless noted otherwise. */
export type Push =
  | ({ push: 'hello' } & Hello)
  /** Everybody in the workspace and in the shared channels, the app included, and the user groups. */
  | { push: 'people'; people: ShownPerson[]; userGroups: ShownUserGroup[] }
  /** The conversations that the person can see: all of them (`reset`), or those that changed and those that are gone. */
  | { push: 'conversations'; reset: boolean; changed: ShownConversation[]; removed: string[] }
  /**
   * Changes in the open conversation, thread replies included: insert or replace messages by `ts`, and delete the `removed`
   * ones (by `ts`). A page ignores messages older than those it has loaded, and replies of threads it does not show.
   */
  | { push: 'messages'; conversation: string; changed: ShownMessage[]; removed: string[] }
  /** The person's open views, the topmost last; empty: no modal is open. */
  | { push: 'modals'; stack: ShownModal[] }
  /** The app's home tab as this person sees it; null: nothing published yet. */
  | { push: 'home'; home: ShownHome | null }
  /** A notice of Slack itself to the person, such as that the app did not answer. Shown for a moment. */
  | { push: 'notice'; text: string }
  /** New or changed deliveries and calls, by id; `reset`: they replace all earlier ones. Newest last. */
  | { push: 'traffic'; reset: boolean; entries: TrafficEntry[] }
  | ({ push: 'wire' } & WireState)
  | { push: 'checklist'; steps: ChecklistStep[] };

export interface Hello {
  /** Changes when the workspace is reset: the page drops its state and sends `act_as` again. */
  epoch: string;
  /** Links to what is in the workspace begin with `https://<domain>.slack.com/archives/`. */
  team: ShownTeam & { domain: string };
  /** Organisations that channels can be shared with. */
  otherTeams: ShownTeam[];
  app: { name: string; userId: string; homeTab: boolean; messagesTab: boolean };
  /** Slack's own commands and the app's, for completion. */
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
  /** A guest of the workspace, who sees only their own channels. */
  isGuest: boolean;
  /** A member of another organisation. */
  isExternal: boolean;
  /** The app itself; nobody can act as the app. */
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
  /** Names of the other organisations that share it. */
  sharedWith: string[];
  topic: string;
  /** Whether the person is a member; otherwise they could join. */
  isMember: boolean;
  hasApp: boolean;
  members: string[];
  creator: string;
  /** Messages of others that the person has not read; 100 means 100 or more. Always 0 for non-members. */
  unread: number;
  /** The last message they read; '' for none. */
  lastRead: string;
  /** `ts` of the newest message; '' for none. */
  latestTs: string;
  may: { post: boolean; rename: boolean; archive: boolean; delete: boolean; invite: boolean; leave: boolean };
}

export interface MessageAddress {
  conversation: string;
  ts: string;
}

/** A page of messages, oldest first. */
export interface MessagePage {
  messages: ShownMessage[];
  /** Whether there are older messages. */
  hasOlder: boolean;
}

export interface ShownMessage {
  /** Identifies it within its conversation; sorts by time. Seconds since 1970 with microseconds. */
  ts: string;
  /** The author, or the person whom a notice is about. `USLACKBOT` is Slack itself. */
  userId: string;
  /** The author's displayed name, which an app may choose. */
  authorName: string;
  isByApp: boolean;
  /** mrkdwn with `&`, `<` and `>` escaped. Shown if there are no blocks. */
  text: string;
  /** False: the text has no formatting, except mentions and links. */
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
  /** Shown in the conversation: not a reply, or a reply that was also sent to the channel. */
  isInChannel: boolean;
  replyCount: number;
  replyUsers: string[];
  latestReply?: string | undefined;
  reactions: { name: string; users: string[] }[];
  /** The values of the message's own fields. */
  values: StateValues;
  /** The text as it was typed, for editing; only if the person may edit it. */
  source?: string | undefined;
  may: { edit: boolean; delete: boolean; react: boolean; reply: boolean; shortcuts: boolean; dismiss: boolean };
}

export interface ShownFile {
  id: string;
  name: string;
  mimetype: string;
  /** Bytes. */
  size: number;
  /** The URL of its content; images can be shown from there. */
  url: string;
}

/** The place of blocks. */
export type SurfaceAddress =
  | ({ surface: 'message' } & MessageAddress)
  | { surface: 'modal'; viewId: string }
  | { surface: 'home' };

export type ElementAddress = SurfaceAddress & {
  blockId: string;
  actionId: string;
  /** The value of the button when the person pressed it. */
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
   * By block id and action id; see {@link StateValues}. A page's own entries are not pushed back to it: it keeps the value of a
   * field unless the element is a new one (another view, block id, action id or type).
   */
  values: StateValues;
  /** By block id. */
  errors: Record<string, string>;
  /** Shown above the form if the app did not answer properly. */
  banner?: string | undefined;
  /** The app has not answered the submission yet: the submit button shows progress, and nothing can be pressed. */
  isSubmitting: boolean;
}

export interface ShownHome {
  viewId: string;
  hash: string;
  blocks: Block[];
  values: StateValues;
}

export interface ShownChoiceGroup {
  /** Empty if they are not grouped. */
  label: string;
  options: { text: string; value: string; description?: string | undefined }[];
}

/** One delivery to the app, or one Web API call by it, without its content. */
export interface TrafficEntry {
  id: string;
  /** `call`: a Web API call by the app; the others were delivered to it. */
  kind: 'call' | 'event' | 'interaction' | 'command' | 'options';
  /** `chat.postMessage`, `message`, `view_submission`, `/livechat-config` … */
  type: string;
  /** Its subject in a few words: a callback id, a channel's name … */
  about: string;
  /** Milliseconds since 1970. */
  at: number;
  /** `failed`: refused, or given up. `pending`: waits for its redelivery. */
  state: 'under_way' | 'done' | 'failed' | 'pending' | 'held';
  /** Time until the answer or acknowledgement of the last attempt, in milliseconds. */
  latencyMs?: number | undefined;
  /** HTTP status, if there was one. */
  status?: number | undefined;
  /** Slack's error code, or why the last attempt failed. */
  error?: string | undefined;
  /** Number of attempts so far; 1 for calls. */
  attempts: number;
}

export interface TrafficDetails extends TrafficEntry {
  /** The delivery's body, or the call's arguments. */
  payload: JsonObject;
  /** The answer to the call, or the app's acknowledgement. */
  reply?: unknown;
  /** Attempts of a delivery, oldest first. */
  history: {
    at: number;
    acknowledged: boolean;
    latencyMs: number;
    status?: number | undefined;
    reason?: string | undefined;
    answer?: unknown;
  }[];
}

/** The state of the connection to the app, and the active faults. */
export interface WireState {
  /** How the app gets its deliveries, and whether it can get them now. */
  mode: 'socket' | 'http';
  connections: number;
  /** Whether new connections are refused. */
  isRefusing: boolean;
  /** Whether events are held back, and how many. */
  isHolding: boolean;
  held: number;
  /** Planned wrong answers to calls; `*` is every method. */
  planned: { method: string; answer: string; left: number }[];
}

export type Fault =
  /** Repeats an earlier delivery. */
  | { fault: 'redeliver'; entry: string }
  /** Holds events back … */
  | { fault: 'hold' }
  /** … and delivers them, optionally reversed or several times. */
  | { fault: 'release'; reverse: boolean; times: number }
  /** Cuts the Socket Mode connections. */
  | { fault: 'drop' }
  | { fault: 'refuse'; on: boolean }
  /** Asks the app to reconnect, as Slack does every few hours. */
  | { fault: 'reconnect' }
  /** Gives the next calls of a method (`*`: of any) this status. */
  | { fault: 'answer'; method: string; status: 429 | 500; times: number }
  /** Removes the planned answers. */
  | { fault: 'clear' };

/** One step of the checklist. */
export interface ChecklistStep {
  id: string;
  title: string;
  /** How to do it, in mrkdwn. */
  text: string;
  /** The person who does it: the page offers to switch. */
  actAs?: string | undefined;
  /** The name of the channel to do it in: the page links to it. */
  channel?: string | undefined;
  /** Where to see the result. */
  link?: { label: string; url: string } | undefined;
  isDone: boolean;
}
