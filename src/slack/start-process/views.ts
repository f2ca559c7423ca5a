import type { types } from '@slack/bolt';
import type { ModalView } from '@slack/web-api';
import { scopeOf } from '../../processes/catalogue.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import type { ShownForm } from '../../processes/show-form.ts';
import type { Person } from '../../sessions/people.ts';
import type { Start } from '../../starts/queries.ts';
import { type Message, message } from '../../words/message.ts';
import type { Words } from '../../words/words.ts';
import { carriedWith } from '../block-kit/carried-entries.ts';
import { type FormBlocksOptions, shownBlocks } from '../block-kit/form-blocks.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { joined, type Markup, markup, mention, say } from '../block-kit/markup.ts';
import { plainText, section } from '../block-kit/text-objects.ts';
import { processSearchBlock } from '../search-processes/process-search-block.ts';
import { type StartPlace, writePlace } from './start-place.ts';

export const startProcessCallbackId = 'start_process';
export const startFormCallbackId = 'start_form';
/** Callback id of views that only show the progress of a start. */
export const startProgressCallbackId = 'start_progress';
export const retryStartActionId = 'retry_start';

/** The scope of the start form's block ids, under which Slack keeps the input when the form is shown again. */
export const startFormScope = (processDefinitionId: string) => `start:${processDefinitionId}`;

export interface StartedFrom {
  place: StartPlace;
  /** The name that staff gave the session, else the channel's. */
  sessionName: string;
  /** The client; undefined if there is none yet. */
  client: Pick<Person, 'id' | 'name' | 'company'> | undefined;
}

/** The first view: the session, its client, and the search for a process. */
export function startProcessModal(words: Words, { place, sessionName, client }: StartedFrom): ModalView {
  return {
    type: 'modal',
    callback_id: startProcessCallbackId,
    private_metadata: writePlace(place),
    title: plainText(words('startProcess.title'), slackLimits.viewTitle),
    submit: plainText(words('startProcess.submit'), slackLimits.viewSubmit),
    close: plainText(words('button.cancel'), slackLimits.viewSubmit),
    blocks: [
      section(say(words, 'startProcess.from', { session: sessionName, client: clientText(words, client) })),
      processSearchBlock(words),
    ],
  };
}

export interface StartFormOptions {
  errors?: Record<string, string>;
  /** Why the form is shown again. */
  notice?: string;
  leftOut?: FormBlocksOptions['leftOut'];
}

/** The start form of a process with its current values. */
export function startFormModal(
  words: Words,
  { place, sessionName, client }: StartedFrom,
  definition: ProcessDefinition,
  form: ShownForm,
  { errors = {}, notice, leftOut = {} }: StartFormOptions = {},
): ModalView {
  const { id, name } = definition;
  const fields = shownBlocks(words, form, { scope: startFormScope(id), errors, leftOut });
  return {
    type: 'modal',
    callback_id: startFormCallbackId,
    private_metadata: writePlace({ ...place, processDefinitionId: id, ...carriedWith(form) }),
    title: plainText(name, slackLimits.viewTitle),
    submit: plainText(words('startProcess.submit'), slackLimits.viewSubmit),
    close: plainText(words('button.cancel'), slackLimits.viewSubmit),
    blocks: [
      ...(notice ? [section(markup`⚠️ ${notice}`)] : []),
      section(
        say(words, 'startForm.about', {
          process: name,
          scope: scopeOf(definition) ?? words('scope.company'),
          client: clientText(words, client),
          session: sessionName,
        }),
      ),
      ...fields,
    ].slice(0, slackLimits.viewBlocks),
  };
}

/** Shown while the start is running. */
export function startingModal(words: Words, processName: string): ModalView {
  return progressModal(words, [section(say(words, 'start.starting', { process: processName }))]);
}

/** The start is stored, and waits for the engine. */
export function waitingModal(words: Words, { processName, reason }: Pick<Start, 'processName' | 'reason'>): ModalView {
  return progressModal(words, [section(say(words, 'start.waits', { process: processName, reason: reason ?? '' }))]);
}

/** The start is not stored yet, because the database does not answer. */
export function notStoredModal(words: Words, processName: string): ModalView {
  return progressModal(words, [section(say(words, 'start.notStored', { process: processName }))]);
}

/** The start was not stored, so there is nothing to retry. */
export function notStartedModal(words: Words, processName: string, reason: Message): ModalView {
  return progressModal(words, [section(say(words, 'start.failed', { process: processName, reason }))]);
}

/** The start failed; a start that never ran can be retried. */
export function failedModal(
  words: Words,
  start: Pick<Start, 'id' | 'processName' | 'reason' | 'processInstanceKey'>,
): ModalView {
  const reason = start.reason ?? message('reason.fault');
  return progressModal(words, [
    section(say(words, 'start.failed', { process: start.processName, reason })),
    ...(start.processInstanceKey === null ? [retryButton(words, start.id)] : []),
  ]);
}

function retryButton(words: Words, startId: string): types.ActionsBlock {
  return {
    type: 'actions',
    elements: [
      {
        type: 'button',
        action_id: retryStartActionId,
        text: plainText(words('button.retry'), slackLimits.buttonText),
        value: startId,
        style: 'primary',
      },
    ],
  };
}

function progressModal(words: Words, blocks: types.KnownBlock[]): ModalView {
  return {
    type: 'modal',
    callback_id: startProgressCallbackId,
    notify_on_close: true,
    title: plainText(words('startProcess.title'), slackLimits.viewTitle),
    close: plainText(words('button.close'), slackLimits.viewSubmit),
    blocks,
  };
}

/** A mention, which opens the profile, followed by the name, since the two may differ. */
function clientText(words: Words, client: StartedFrom['client']): Markup {
  if (!client) return say(words, 'startProcess.clientUnknown');
  const names = [client.name, client.company ?? ''].filter((name) => name !== '');
  return names.length === 0 ? mention(client.id) : markup`${mention(client.id)} (${joined(names, ', ')})`;
}
