import type { SlackActionMiddlewareArgs, SlackViewMiddlewareArgs, types, ViewSubmitAction } from '@slack/bolt';
import { type Binding, deleteBinding, listBindings, saveBinding } from '../../bindings/queries.ts';
import { UserFacingError } from '../../errors.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import { message } from '../../words/message.ts';
import type { Words } from '../../words/words.ts';
import { say } from '../block-kit/markup.ts';
import { assertAdministrator } from '../rights/administrator.ts';
import { pickedProcess, processSearchBlockId } from '../search-processes/process-search-block.ts';
import type { SlackContext } from '../slack-context.ts';
import { updateView } from '../update-view.ts';
import { wordsFor } from '../words-for.ts';
import { acknowledgeSaved } from './acknowledge-saved.ts';
import { fingerprintOf, parametersModal, parametersPlaceSchema, readMapping } from './parameters-view.ts';
import { presetMapping } from './preset-mapping.ts';
import { processesModal } from './processes-view.ts';
import { pushModal } from './push-modal.ts';
import { requireLiveChat } from './require-live-chat.ts';
import { selectProcessModal } from './select-process-view.ts';
import { refreshLiveChats } from './show-live-chats.ts';
import { changeView, refreshBelow } from './update-views.ts';
import {
  bindingEventSchema,
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

/** *Select* beside an event that starts nothing. */
export function openProcessSelection(context: SlackContext) {
  return async ({ body, ack }: SlackActionMiddlewareArgs): Promise<void> => {
    const action = readViewAction(body);
    await ack();
    const place = readMetadata(liveChatPlaceSchema, action.metadata);
    await selectProcess(context, action, { ...place, event: bindingEventSchema.parse(action.value) });
  };
}

/** The menu beside an event that starts a process. */
export function chooseFromBindingMenu(context: SlackContext) {
  return async ({ body, ack }: SlackActionMiddlewareArgs): Promise<void> => {
    const action = readViewAction(body);
    const [what, event] = action.value.split(':');
    const place = {
      ...readMetadata(liveChatPlaceSchema, action.metadata),
      event: bindingEventSchema.parse(event),
    };
    if (what === 'remove') await removeBinding(context, action, place);
    await ack();
    if (what === 'change') await selectProcess(context, action, place);
    else if (what === 'configure') await configureParameters(context, action, place);
  };
}

async function selectProcess(context: SlackContext, action: ViewAction, place: EventPlace): Promise<void> {
  const title = (words: Words) => words('selectProcess.title');
  await pushModal(context, action, title, async (words) => {
    const binding = await findBinding(context, place);
    return selectProcessModal(words, place, binding && context.catalogue().get(binding.processDefinitionId));
  });
}

async function configureParameters(context: SlackContext, action: ViewAction, place: EventPlace): Promise<void> {
  const title = (words: Words) => words('parameters.title');
  await pushModal(context, action, title, async (words) => {
    const binding = await findBinding(context, place);
    const definition = binding && context.catalogue().get(binding.processDefinitionId);
    if (!definition) throw new UserFacingError(message('process.gone'));
    return parametersModal(words, definition, presetMapping(definition, binding), place);
  });
}

async function removeBinding(
  context: SlackContext,
  { userId, viewId, rootViewId }: ViewAction,
  place: EventPlace,
): Promise<void> {
  const { liveChatId, event, list } = place;
  const words = await wordsFor(context, userId);
  const request = { words, viewId, title: words('processes.title') };
  const removed = await changeView(context, request, async () => {
    await assertAdministrator(context, userId);
    await deleteBinding(context.db, context.identity.teamId, liveChatId, event);
    return processesView(context, words, place);
  });
  if (removed) await refreshBelow(context, [refreshLiveChats(context, words, rootViewId, list)]);
}

/** *Select* in *Select a process*: the view becomes *Input parameters*, for Slack has no fourth on top of it. */
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
    const view = parametersModal(words, definition, presetMapping(definition, binding), place);
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
    await saveBinding(context.db, bindingOf(place, definition, mapping));
    await refreshBelow(context, [
      refreshProcesses(context, words, previousViewId, { liveChatId, list }),
      refreshLiveChats(context, words, rootViewId, list),
    ]);
    const saved = { words, title: words('parameters.title'), text: say(words, 'parameters.saved') };
    await acknowledgeSaved(context, () => ack(), viewId, saved);
  };
  function bindingOf({ liveChatId, event }: EventPlace, definition: ProcessDefinition, mapping: Binding['mapping']) {
    const { id, name, parameters } = definition;
    return { liveChatId, event, processDefinitionId: id, processName: name, parameters, mapping };
  }
}

/** What the event starts now. Throws if the live chat is gone. */
async function findBinding(context: SlackContext, { liveChatId, event }: EventPlace): Promise<Binding | undefined> {
  await requireLiveChat(context, liveChatId);
  const bindings = await listBindings(context.db, context.identity.teamId, liveChatId);
  return bindings.find((binding) => binding.event === event);
}

async function refreshProcesses(
  context: SlackContext,
  words: Words,
  viewId: string | undefined,
  place: LiveChatPlace,
): Promise<void> {
  if (viewId) await updateView(context, viewId, await processesView(context, words, place));
}

async function processesView(
  context: SlackContext,
  words: Words,
  { liveChatId, list }: LiveChatPlace,
): Promise<types.ModalView> {
  const liveChat = await requireLiveChat(context, liveChatId);
  const bindings = await listBindings(context.db, context.identity.teamId, liveChatId);
  const catalogue = context.catalogue();
  const bound = bindings.map((binding) => ({ binding, definition: catalogue.get(binding.processDefinitionId) }));
  return processesModal(words, liveChat, bound, { liveChatId, list });
}
