import { randomUUID } from 'node:crypto';
import type { SlackActionMiddlewareArgs, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import {
  addBinding,
  type Binding,
  changeBoundProcess,
  deleteBinding,
  listBindings,
  presetTerms,
  switchBinding,
} from '../../bindings/queries.ts';
import { UserFacingError } from '../../errors.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import { message } from '../../words/message.ts';
import type { Words } from '../../words/words.ts';
import { say } from '../block-kit/markup.ts';
import { assertAdministrator } from '../rights/administrator.ts';
import { pickedProcess, processSearchBlockId } from '../search-processes/process-search-block.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { acknowledgeSaved } from './acknowledge-saved.ts';
import { processesView, refreshProcesses, requireBinding } from './bound-processes.ts';
import { changeWaits } from './change-waits.ts';
import { openTerms } from './edit-terms.ts';
import {
  fingerprintOf,
  type ParametersPlace,
  parametersModal,
  parametersPlaceSchema,
  readMapping,
} from './parameters-view.ts';
import { presetMapping } from './preset-mapping.ts';
import { mostBindings } from './processes-view.ts';
import { pushModal } from './push-modal.ts';
import { requireLiveChat } from './require-live-chat.ts';
import { selectProcessModal } from './select-process-view.ts';
import { refreshLiveChats } from './show-live-chats.ts';
import { changeView, refreshBelow } from './update-views.ts';
import {
  type BindingPlace,
  bindingEventSchema,
  bindingPlaceSchema,
  type EventPlace,
  eventPlaceSchema,
  type LiveChatPlace,
  liveChatPlaceSchema,
  readMetadata,
  readViewAction,
  readViewSubmission,
  type ViewAction,
} from './view-request.ts';

/** *Business processes* in a live chat's menu. */
export async function openProcesses(context: SlackContext, action: ViewAction, place: LiveChatPlace): Promise<void> {
  const title = (words: Words) => words('processes.title');
  await pushModal(context, action, title, (words) => processesView(context, words, place));
}

/** *Select* or *Add* at an event. */
export function openProcessSelection(context: SlackContext) {
  return async ({ body, ack }: SlackActionMiddlewareArgs): Promise<void> => {
    const action = readViewAction(body);
    await ack();
    const place = readMetadata(liveChatPlaceSchema, action.metadata);
    await selectProcess(context, action, { ...place, event: bindingEventSchema.parse(action.value) });
  };
}

/** The menu of a binding. */
export function chooseFromBindingMenu(context: SlackContext) {
  return async ({ body, ack }: SlackActionMiddlewareArgs): Promise<void> => {
    const action = readViewAction(body);
    const [what, bindingId] = action.value.split(':');
    const liveChatPlace = readMetadata(liveChatPlaceSchema, action.metadata);
    const place = bindingPlaceSchema.parse({ ...liveChatPlace, bindingId });
    if (what === 'remove') await changeInList(context, action, place, (which) => deleteBinding(...which));
    else if (what === 'on' || what === 'off') {
      await changeInList(context, action, place, ([, teamId, which]) =>
        changeWaits(context, which.liveChatId, (tx) => switchBinding(tx, teamId, { ...which, isOn: what === 'on' })),
      );
    }
    await ack();
    if (what === 'change') await changeProcess(context, action, place);
    else if (what === 'configure') await configureParameters(context, action, place);
    else if (what === 'terms') await openTerms(context, action, place);
  };
}

async function selectProcess(context: SlackContext, action: ViewAction, place: EventPlace): Promise<void> {
  const title = (words: Words) => words('selectProcess.title');
  await pushModal(context, action, title, async (words) => {
    await requireRoom(context, place);
    return selectProcessModal(words, place, undefined);
  });
}

async function changeProcess(context: SlackContext, action: ViewAction, place: BindingPlace): Promise<void> {
  const title = (words: Words) => words('selectProcess.title');
  await pushModal(context, action, title, async (words) => {
    const { binding } = await requireBinding(context, place);
    const current = context.catalogue().get(binding.processDefinitionId);
    return selectProcessModal(words, { ...place, event: binding.event }, current);
  });
}

async function configureParameters(context: SlackContext, action: ViewAction, place: BindingPlace): Promise<void> {
  const title = (words: Words) => words('parameters.title');
  await pushModal(context, action, title, async (words) => {
    const { binding } = await requireBinding(context, place);
    const definition = context.catalogue().get(binding.processDefinitionId);
    if (!definition) throw new UserFacingError(message('process.gone'));
    return parametersModal(words, definition, presetMapping(definition, binding), { ...place, event: binding.event });
  });
}

/** Removes a binding or switches it on or off, and shows the updated list; also if somebody else removed it meanwhile. */
async function changeInList(
  context: SlackContext,
  { userId, viewId, rootViewId }: ViewAction,
  place: BindingPlace,
  change: (which: Parameters<typeof deleteBinding>) => Promise<boolean>,
): Promise<void> {
  const { bindingId, liveChatId, list } = place;
  const words = await wordsFor(context, userId);
  const request = { words, viewId, title: words('processes.title') };
  const changed = await changeView(context, request, async () => {
    await assertAdministrator(context, userId);
    const isThere = await change([context.db, context.identity.teamId, { id: bindingId, liveChatId }]);
    return processesView(context, words, place, isThere ? undefined : say(words, 'binding.gone'));
  });
  if (changed) await refreshBelow(context, [refreshLiveChats(context, words, rootViewId, list)]);
}

/** *Select* in *Select a process*: the view is replaced by *Input parameters*, as Slack allows no fourth view in the stack. */
export function submitProcessSelection(context: SlackContext) {
  return async ({ body, ack }: SlackViewMiddlewareArgs<ViewSubmitAction>): Promise<void> => {
    const { userId, metadata, stateValues } = readViewSubmission(body);
    const words = await wordsFor(context, userId);
    await assertAdministrator(context, userId);
    const place = readMetadata(eventPlaceSchema, metadata);
    const binding = await findBinding(context, place);
    const definition = pickedProcess(context.catalogue(), stateValues);
    if (!definition) {
      await ack({ response_action: 'errors', errors: { [processSearchBlockId]: words('selectProcess.none') } });
      return;
    }
    const mapping = presetMapping(definition, binding);
    const view = parametersModal(words, definition, mapping, { ...place, newId: randomUUID() });
    await ack({ response_action: 'update', view });
  };
}

/** *Save* in *Input parameters*. */
export function saveParameters(context: SlackContext) {
  return async ({ body, ack }: SlackViewMiddlewareArgs<ViewSubmitAction>): Promise<void> => {
    const { userId, viewId, rootViewId, previousViewId, metadata, stateValues } = readViewSubmission(body);
    const words = await wordsFor(context, userId);
    await assertAdministrator(context, userId);
    const place = readMetadata(parametersPlaceSchema, metadata);
    const { liveChatId, list } = place;
    const definition = context.catalogue().get(place.processDefinitionId);
    if (!definition) throw new UserFacingError(message('process.gone'));
    const current = await findBinding(context, place);
    if (place.fingerprint !== fingerprintOf(definition.parameters)) {
      const notice = words('parameters.processChanged');
      const view = parametersModal(words, definition, presetMapping(definition, current), place, notice);
      await ack({ response_action: 'update', view });
      return;
    }
    const { mapping, errors } = readMapping(words, definition.parameters, stateValues);
    if (Object.keys(errors).length > 0) {
      await ack({ response_action: 'errors', errors });
      return;
    }
    await bindProcess(context, place, definition, mapping);
    await refreshBelow(context, [
      refreshProcesses(context, words, previousViewId, { liveChatId, list }),
      refreshLiveChats(context, words, rootViewId, list),
    ]);
    const saved = { words, title: words('parameters.title'), text: say(words, 'parameters.saved') };
    await acknowledgeSaved(context, () => ack(), viewId, saved);
  };
}

async function bindProcess(
  context: SlackContext,
  place: EventPlace & Pick<ParametersPlace, 'newId'>,
  definition: ProcessDefinition,
  mapping: Binding['mapping'],
): Promise<void> {
  const { db, identity } = context;
  const { liveChatId, event, bindingId, newId } = place;
  const { name, parameters } = definition;
  const process = { processDefinitionId: definition.id, processName: name, parameters, mapping };
  if (bindingId === undefined) {
    // Saved already: the answer to the first submission came too late, and the person submitted again.
    const bindings = await listBindings(db, identity.teamId, liveChatId);
    if (bindings.some(({ id }) => id === newId)) return;
    await requireRoom(context, place);
    const binding = { id: newId, liveChatId, event, ...presetTerms(event), ...process };
    await changeWaits(context, liveChatId, (tx) => addBinding(tx, binding));
  } else if (!(await changeBoundProcess(db, identity.teamId, { id: bindingId, liveChatId, ...process }))) {
    throw new UserFacingError(message('binding.gone'));
  }
}

/** Throws a UserFacingError if the live chat is gone, or its modal has no room for another binding. */
async function requireRoom(context: SlackContext, { liveChatId }: LiveChatPlace): Promise<void> {
  await requireLiveChat(context, liveChatId);
  const bindings = await listBindings(context.db, context.identity.teamId, liveChatId);
  if (bindings.length >= mostBindings) throw new UserFacingError(message('processes.isFull'));
}

/** The binding that the view is about; undefined if it is a new one. Throws if the binding or the live chat is gone. */
async function findBinding(context: SlackContext, place: EventPlace): Promise<Binding | undefined> {
  const { bindingId } = place;
  if (bindingId !== undefined) return (await requireBinding(context, { ...place, bindingId })).binding;
  await requireLiveChat(context, place.liveChatId);
  return undefined;
}
