import { type Core, recordViolation } from '../core.ts';
import { isObject, type JsonObject } from '../json.ts';
import { SlackError } from '../slack-error.ts';
import type { ViewRecord } from '../state.ts';
import { checkedView, closeAll, closeTop, pushModal, replaceView } from '../views/modals.ts';
import { inputBlocks } from '../views/state-values.ts';
import { submissionErrors } from '../views/submission-errors.ts';
import { newTrigger } from '../views/triggers.ts';
import { viewObject } from '../views/view-object.ts';
import { interactionBase, sendInteraction } from './interaction.ts';

/** Slack's message if an app does not answer, or if its answer is invalid. */
export const troubleConnecting = 'We had some trouble connecting. Try again?';

function applyErrors(record: ViewRecord, answer: JsonObject): void {
  const errors = answer.errors;
  if (!isObject(errors) || Object.keys(errors).length === 0) {
    throw new SlackError('invalid_response', { messages: ['errors must name at least one block'] });
  }
  const inputs = inputBlocks(record.view).map((block) => block.block_id);
  for (const [blockId, text] of Object.entries(errors)) {
    if (!inputs.includes(blockId)) {
      throw new SlackError('invalid_response', { messages: [`errors names "${blockId}", which is no input block`] });
    }
    if (typeof text !== 'string' || text === '') {
      throw new SlackError('invalid_response', { messages: [`the error of "${blockId}" must be a text`] });
    }
  }
  record.errors = errors as Record<string, string>;
}

function applyAnswer(core: Core, record: ViewRecord, answer: unknown): void {
  const { userId } = record;
  // The view was closed in the meantime, by the person or the app.
  if (!core.state.views[record.id]) return;
  if (answer === undefined || answer === '' || (isObject(answer) && Object.keys(answer).length === 0)) {
    closeTop(core, userId);
    return;
  }
  if (!isObject(answer)) throw new SlackError('invalid_response', { messages: [`not an object: ${String(answer)}`] });
  switch (answer.response_action) {
    case 'clear':
      closeAll(core, userId);
      return;
    case 'update':
      replaceView(core, record, checkedView(core, answer.view, 'modal', record.id));
      return;
    case 'push':
      pushModal(core, userId, checkedView(core, answer.view, 'modal'));
      return;
    case 'errors':
      applyErrors(record, answer);
      return;
    default:
      throw new SlackError('invalid_response', {
        messages: [`unknown response_action: ${String(answer.response_action)}`],
      });
  }
}

function messagesOf(error: SlackError): string[] {
  const metadata = error.extra.response_metadata;
  const messages = isObject(metadata) ? metadata.messages : error.extra.messages;
  return Array.isArray(messages) ? messages.map(String) : [];
}

/** Submits a view with its current values, and applies the app's answer. */
export async function submitView(core: Core, record: ViewRecord): Promise<void> {
  if (record.isSubmitting) throw new Error('The app is being asked already');
  record.banner = undefined;
  record.errors = submissionErrors(record);
  core.traffic.changed();
  if (Object.keys(record.errors).length > 0) return;
  const body = {
    ...interactionBase(core, record.userId, 'view_submission'),
    trigger_id: newTrigger(core, record.userId, { viewId: record.id }),
    view: viewObject(core, record),
    response_urls: [],
  };
  const name = `view_submission ${record.view.callback_id}`;
  record.isSubmitting = true;
  core.traffic.changed();
  const outcome = await sendInteraction(core, record.userId, body, { name });
  record.isSubmitting = false;
  if (!outcome.acknowledged) {
    record.banner = troubleConnecting;
    core.traffic.changed();
    return;
  }
  try {
    applyAnswer(core, record, outcome.answer);
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    record.banner = troubleConnecting;
    recordViolation(core, { kind: 'answer', subject: name, error: error.code, messages: messagesOf(error) });
  }
  core.traffic.changed();
}
