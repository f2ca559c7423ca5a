import type { SlackActionMiddlewareArgs } from '@slack/bolt';
import { UserFacingError } from '../../errors.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import { switchProcess } from '../../starts/switch-process.ts';
import { message } from '../../words/message.ts';
import type { Words } from '../../words/words.ts';
import { type Markup, markup, say } from '../block-kit/markup.ts';
import { pushModal } from '../live-chat-config/push-modal.ts';
import { changeView, refreshBelow } from '../live-chat-config/update-views.ts';
import { readMetadata, readViewAction } from '../live-chat-config/view-request.ts';
import { definitionPicture } from '../pictures/definition-picture.ts';
import { openPicture } from '../pictures/open-picture.ts';
import { assertAdministrator } from '../rights/administrator.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { requireProcess, withUsers } from './all-processes.ts';
import { detailsModal, mostVersions } from './details-view.ts';
import { type ProcessPlace, processPlaceSchema } from './library-place.ts';
import { factsOf, placeOf, refreshLibrary } from './show-library.ts';

/** *Details* beside a process. */
export function openDetails(context: SlackContext) {
  return async ({ body, ack }: SlackActionMiddlewareArgs): Promise<void> => {
    const action = readViewAction(body);
    await ack();
    const place = { process: action.value, list: placeOf(action) };
    await pushModal(
      context,
      action,
      (words) => words('library.detailsTitle'),
      (words) => detailsView(context, words, place),
    );
  };
}

async function detailsView(context: SlackContext, words: Words, place: ProcessPlace, notice?: Markup) {
  const definition = requireProcess(context.allProcesses(), place.process);
  const [row = { definition, usedBy: [] }] = await withUsers(context, [definition]);
  const { library } = context;
  const versions = library?.has(definition.id) ? await library.listVersions(definition.id, mostVersions) : [];
  return detailsModal(words, { row, versions, facts: factsOf(context), ...(notice && { notice }) }, place);
}

/** A button in a process's details that changes the process; `change` returns the notice to show. */
function changeProcess(
  context: SlackContext,
  change: (definition: ProcessDefinition, by: string, value: string, words: Words) => Promise<Markup>,
) {
  return async ({ body, ack }: SlackActionMiddlewareArgs): Promise<void> => {
    const action = readViewAction(body);
    await ack();
    const { userId, viewId, rootViewId } = action;
    const words = await wordsFor(context, userId);
    const request = { words, viewId, title: words('library.detailsTitle') };
    const isDone = await changeView(context, request, async () => {
      await assertAdministrator(context, userId);
      const place = readMetadata(processPlaceSchema, action.metadata);
      const definition = requireProcess(context.allProcesses(), place.process);
      const notice = await change(definition, userId, action.value, words);
      return detailsView(context, words, place, notice);
    });
    const { list } = readMetadata(processPlaceSchema, action.metadata);
    if (isDone) await refreshBelow(context, [refreshLibrary(context, words, rootViewId, list)]);
  };
}

/** *Switch on* or *Switch off*. */
export const switchTo = (context: SlackContext, isOn: boolean) =>
  changeProcess(context, async ({ id, name }, by, _, words) => {
    await switchProcess(context.db, id, { isOn, by });
    await context.catalogueChanged();
    context.logger.info({ processDefinitionId: id, isOn, by }, 'process switched');
    return say(words, isOn ? 'library.switchedOn' : 'library.switchedOff', { name });
  });

/** *Restore* at an earlier version. */
export const restoreVersion = (context: SlackContext) =>
  changeProcess(context, async ({ id }, by, value, words) => {
    const version = Number.parseInt(value, 10) || 0;
    if (!context.library) throw new UserFacingError(message('library.noEngine'));
    await context.library.restore(id, version, by);
    await context.catalogueChanged();
    context.logger.info({ processDefinitionId: id, version, by }, 'earlier version restored');
    return say(words, 'library.restored', { version });
  });

/** Shows a picture of a process as drawn in its newest version's file. */
export function showPicture(context: SlackContext) {
  return async ({ body, ack }: SlackActionMiddlewareArgs): Promise<void> => {
    const action = readViewAction(body);
    await ack();
    const words = await wordsFor(context, action.userId);
    await openPicture(context, { words, triggerId: action.triggerId, title: words('library.picture') }, async () => {
      await assertAdministrator(context, action.userId);
      const { process } = readMetadata(processPlaceSchema, action.metadata);
      const { id, name } = requireProcess(context.allProcesses(), process);
      const find = await definitionPicture(context, { id, name });
      return {
        head: markup`*${name}*`,
        alt: words('library.pictureAlt'),
        legend: say(words, 'library.pictureAbout'),
        find,
      };
    });
  };
}
