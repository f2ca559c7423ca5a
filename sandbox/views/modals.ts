import { completeView, viewErrors } from '../block-kit/view.ts';
import type { Core } from '../core.ts';
import { isObject, type JsonObject } from '../json.ts';
import { invalidArguments, SlackError } from '../slack-error.ts';
import { newId, type ViewRecord } from '../state.ts';
import { unscannedErrors } from '../wire/files.ts';
import { statefulElements, stateValues } from './state-values.ts';
import { newHash } from './view-object.ts';

/** Slack: three views in a stack. */
const maxStack = 3;
/** Slack: `view_too_large`. */
const maxViewBytes = 250_000;

/** Throws Slack's error for an invalid view; returns a valid one as an object. */
export function checkedView(core: Core, view: unknown, surface: 'modal' | 'home', ownId?: string): JsonObject {
  const messages = viewErrors(view, surface);
  if (!isObject(view)) throw invalidArguments(messages);
  const fileInput = JSON.stringify(view.blocks ?? []).includes('"type":"file_input"');
  if (fileInput && !core.manifest.botScopes.includes('files:read')) {
    messages.push('[ERROR] file_input needs the scope files:read [json-pointer:/view/blocks]');
  }
  messages.push(...unscannedErrors(core, view.blocks));
  if (messages.length > 0) throw invalidArguments(messages);
  if (Buffer.byteLength(JSON.stringify(view)) > maxViewBytes) throw new SlackError('view_too_large');
  const externalId = view.external_id;
  const isTaken = () =>
    Object.values(core.state.views).some((other) => other.view.external_id === externalId && other.id !== ownId);
  if (externalId && isTaken()) throw new SlackError('duplicate_external_id');
  return view;
}

const generatedId = (core: Core) => () => newId(core.state, 'b').slice(-5);

function newRecord(core: Core, userId: string, view: JsonObject): ViewRecord {
  const id = newId(core.state, 'V');
  const complete = completeView(view, generatedId(core));
  const record: ViewRecord = {
    id,
    userId,
    view: complete,
    hash: newHash(core, id),
    rootViewId: id,
    previousViewId: null,
    values: stateValues(complete.blocks),
    errors: {},
  };
  core.state.views[id] = record;
  return record;
}

/** A person's open views, the topmost last. */
export function stackOf(core: Core, userId: string): ViewRecord[] {
  return (core.state.modals[userId] ?? []).flatMap((id) => core.state.views[id] ?? []);
}

/** The view on top of a person's stack. */
export function topView(core: Core, userId: string): ViewRecord | undefined {
  return stackOf(core, userId).at(-1);
}

/** Presets selects with `default_to_current_conversation` to the conversation in which the person acted. */
function presetConversation(record: ViewRecord, channel: string | undefined): void {
  if (!channel) return;
  for (const block of record.view.blocks) {
    for (const element of statefulElements(block)) {
      const { type, action_id: id, default_to_current_conversation: wanted } = element;
      const values = record.values[block.block_id];
      if (!wanted || !values) continue;
      if (type === 'conversations_select') values[id] = { type, selected_conversation: channel };
      if (type === 'multi_conversations_select') values[id] = { type, selected_conversations: [channel] };
    }
  }
}

/** Opens a new modal and closes the previous one. `channel` is the conversation in which the person acted. */
export function openModal(core: Core, userId: string, view: JsonObject, channel?: string): ViewRecord {
  closeAll(core, userId);
  const record = newRecord(core, userId, view);
  presetConversation(record, channel);
  core.state.modals[userId] = [record.id];
  core.traffic.changed();
  return record;
}

/** Puts a view on top of a person's modal. */
export function pushModal(core: Core, userId: string, view: JsonObject): ViewRecord {
  const stack = stackOf(core, userId);
  const top = stack.at(-1);
  if (!top) throw new SlackError('not_found');
  if (stack.length >= maxStack) throw new SlackError('push_limit_reached');
  const record = newRecord(core, userId, view);
  record.rootViewId = top.rootViewId;
  record.previousViewId = top.id;
  core.state.modals[userId] = [...stack.map((open) => open.id), record.id];
  core.traffic.changed();
  return record;
}

/** Replaces the content of a view; entered values stay for elements that keep their block and action ids. */
export function replaceView(core: Core, record: ViewRecord, view: JsonObject): void {
  record.view = completeView(view, generatedId(core));
  record.values = stateValues(record.view.blocks, record.values);
  record.hash = newHash(core, record.id);
  record.errors = {};
  record.banner = undefined;
  core.traffic.changed();
}

/** Closes the topmost view; the one below appears again. */
export function closeTop(core: Core, userId: string): void {
  const stack = core.state.modals[userId] ?? [];
  const id = stack.pop();
  if (id) delete core.state.views[id];
  core.traffic.changed();
}

/** Closes a person's whole modal. */
export function closeAll(core: Core, userId: string): void {
  for (const id of core.state.modals[userId] ?? []) delete core.state.views[id];
  core.state.modals[userId] = [];
  core.traffic.changed();
}

/** Finds the open view (or home tab) with that id or external id. Slack: `not_found`. */
export function findView(
  core: Core,
  ids: { viewId?: string | undefined; externalId?: string | undefined },
): ViewRecord {
  const record = ids.viewId
    ? core.state.views[ids.viewId]
    : Object.values(core.state.views).find((view) => ids.externalId && view.view.external_id === ids.externalId);
  if (!record) throw new SlackError('not_found');
  return record;
}

/** Shows a person the app's home tab. */
export function publishHome(core: Core, userId: string, view: JsonObject): ViewRecord {
  const existing = core.state.views[core.state.homes[userId] ?? ''];
  if (existing) {
    replaceView(core, existing, view);
    return existing;
  }
  const record = newRecord(core, userId, view);
  core.state.homes[userId] = record.id;
  core.traffic.changed();
  return record;
}
