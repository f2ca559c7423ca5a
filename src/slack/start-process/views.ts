import type { types } from '@slack/bolt';
import type { ModalView } from '@slack/web-api';
import { scopeLabel } from '../../processes/catalogue.ts';
import type { Form } from '../../processes/form.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import type { Variables } from '../../processes/value-types.ts';
import type { Person } from '../../sessions/people.ts';
import type { Start } from '../../starts/queries.ts';
import { formBlocks } from '../block-kit/form-blocks.ts';
import { escapeMrkdwn, plainText, slackLimits } from '../block-kit/limits.ts';
import { processSearchBlock } from '../search-processes/process-search-block.ts';
import { mentionUser, section } from '../task-form/views.ts';
import { type StartPlace, writePlace } from './start-place.ts';

export const startProcessTitle = 'Start business process';
export const startProcessCallbackId = 'start_process';
export const startFormCallbackId = 'start_form';
/** Of the views that only tell how a start goes. */
export const startProgressCallbackId = 'start_progress';
export const retryStartActionId = 'retry_start';

/** Where Slack keeps what was entered when the modal shows the form again. */
export const startFormScope = (processDefinitionId: string) => `start:${processDefinitionId}`;

export interface StartedFrom {
  place: StartPlace;
  /** The channel's name. */
  sessionName: string;
  /** Who is served; undefined: nobody is known yet. */
  client: Pick<Person, 'id' | 'name' | 'company'> | undefined;
}

/** The first view: the session, its client, and the search for a process. */
export function startProcessModal({ place, sessionName, client }: StartedFrom): ModalView {
  return {
    type: 'modal',
    callback_id: startProcessCallbackId,
    private_metadata: writePlace(place),
    title: plainText(startProcessTitle, slackLimits.viewTitle),
    submit: plainText('Start', slackLimits.viewSubmit),
    close: plainText('Cancel', slackLimits.viewSubmit),
    blocks: [
      section(`*Session:* #${escapeMrkdwn(sessionName)}\n*Client:* ${clientText(client)}`),
      processSearchBlock(),
    ],
  };
}

export interface StartFormOptions {
  errors?: Record<string, string>;
}

/** The start form of a process, filled in with `values`. */
export function startFormModal(
  { place, sessionName, client }: StartedFrom,
  definition: ProcessDefinition & { startForm: Form },
  values: Variables,
  { errors = {} }: StartFormOptions = {},
): ModalView {
  const { id, name, startForm } = definition;
  const fields = formBlocks(startForm, values, { scope: startFormScope(id), errors });
  return {
    type: 'modal',
    callback_id: startFormCallbackId,
    private_metadata: writePlace({ ...place, processDefinitionId: id }),
    title: plainText(name, slackLimits.viewTitle),
    submit: plainText('Start', slackLimits.viewSubmit),
    close: plainText('Cancel', slackLimits.viewSubmit),
    blocks: [
      section(
        `*${escapeMrkdwn(name)}* (${escapeMrkdwn(scopeLabel(definition))})\nfor ${clientText(client)} in #${escapeMrkdwn(sessionName)}`,
      ),
      ...fields,
    ].slice(0, slackLimits.viewBlocks),
  };
}

/** While the start is under way. */
export function startingModal(processName: string): ModalView {
  return progressModal([section(`Starting *${escapeMrkdwn(processName)}*…`)]);
}

/** The start is kept, and waits for the engine. */
export function waitingModal({ processName, reason }: Pick<Start, 'processName' | 'reason'>): ModalView {
  return progressModal([
    section(
      `⏳ *${escapeMrkdwn(processName)}* waits: ${escapeMrkdwn(reason ?? '')}\nKickoff goes on trying; you need not stay.`,
    ),
  ]);
}

/** The start failed; what never ran can be tried again. */
export function failedModal(start: Pick<Start, 'id' | 'processName' | 'reason' | 'processInstanceKey'>): ModalView {
  return progressModal([
    section(
      `❌ *${escapeMrkdwn(start.processName)}* was not started: ${escapeMrkdwn(start.reason ?? 'unknown reason')}`,
    ),
    ...(start.processInstanceKey === null ? [retryButton(start.id)] : []),
  ]);
}

function retryButton(startId: string): types.ActionsBlock {
  return {
    type: 'actions',
    elements: [
      {
        type: 'button',
        action_id: retryStartActionId,
        text: plainText('Retry', slackLimits.buttonText),
        value: startId,
        style: 'primary',
      },
    ],
  };
}

function progressModal(blocks: types.KnownBlock[]): ModalView {
  return {
    type: 'modal',
    callback_id: startProgressCallbackId,
    notify_on_close: true,
    title: plainText(startProcessTitle, slackLimits.viewTitle),
    close: plainText('Close', slackLimits.viewSubmit),
    blocks,
  };
}

/** With the mention, which opens their profile, the name: the two may differ. */
function clientText(client: StartedFrom['client']): string {
  if (!client) return 'not known yet';
  const names = [client.name, client.company ?? ''].filter((name) => name !== '');
  return `${mentionUser(client.id)} (${names.map(escapeMrkdwn).join(', ')})`;
}
