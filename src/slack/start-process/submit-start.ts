import { UserFacingError } from '../../errors.ts';
import type { Form } from '../../processes/form.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import type { Variables } from '../../processes/value-types.ts';
import type { SessionFacts } from '../../sessions/session-facts.ts';
import type { Start } from '../../starts/queries.ts';
import { startByHand } from '../../starts/start-by-hand.ts';
import { holdTask, startHold } from '../../starts/task-messages.ts';
import { message } from '../../words/message.ts';
import type { Words } from '../../words/words.ts';
import { fieldOfBlock } from '../block-kit/field-block-id.ts';
import { readFormValues } from '../block-kit/form-values.ts';
import { type Patience, startPatience } from '../patience.ts';
import { type OperatedSession, requireOperator } from '../rights/require-operator.ts';
import { pickedProcess, processSearchBlockId } from '../search-processes/process-search-block.ts';
import type { SlackContext } from '../slack-context.ts';
import { answerWithView, type Submission } from '../task-form/show-view.ts';
import { utcOffset } from '../task-form/utc-offset.ts';
import { wordsFor } from '../words-for.ts';
import { followStart, runInModal, settleModal, showStart } from './follow-start.ts';
import { startedFrom, startFacts } from './start-facts.ts';
import { presetValues } from './start-form.ts';
import { readPlace, type StartPlace } from './start-place.ts';
import { startFormModal, startFormScope, startingModal } from './views.ts';

/** A process was picked: shows its start form, or starts it at once if it has none. */
export async function submitProcess(context: SlackContext, submission: Submission): Promise<void> {
  const { ack, body, view } = submission;
  const place = readPlace(view.private_metadata);
  const patience = startPatience();
  const words = await wordsFor(context, body.user.id);
  const operated = await patience.inTime(requireOperator(context, place.channelId, body.user.id));
  const definition = pickedProcess(context.catalogue(), view.state.values);
  if (!definition) {
    const errors = { [processSearchBlockId]: words('process.gone') };
    return ack({ response_action: 'errors', errors });
  }
  if (!hasForm(definition))
    return start(context, submission, { words, patience, operated, place, definition, values: {} });
  await answerWithView(
    context,
    words,
    submission,
    patience,
    async () => {
      const facts = await startFacts(context, operated, place, body.user.id);
      const values = await presetValues(context, definition, operated.liveChat.id, facts);
      return startFormModal(words, await startedFrom(context, operated, place), definition, values);
    },
    startingModal(words, definition.name),
  );
}

/** The start form was filled in: starts the process, unless there are mistakes, which are shown at their fields. */
export async function submitStartForm(context: SlackContext, submission: Submission): Promise<void> {
  const { ack, body, view } = submission;
  const place = readPlace(view.private_metadata);
  const patience = startPatience();
  const words = await wordsFor(context, body.user.id);
  const operated = await patience.inTime(requireOperator(context, place.channelId, body.user.id));
  const definition = context.catalogue().get(place.processDefinitionId ?? '');
  if (!definition) throw new UserFacingError(message('startProcess.processGone'));
  if (!hasForm(definition))
    return start(context, submission, { words, patience, operated, place, definition, values: {} });
  const facts = await patience.inTime(startFacts(context, operated, place, body.user.id));
  const variables = await patience.inTime(presetValues(context, definition, operated.liveChat.id, facts));
  const person = await patience.inTime(context.directory.person(body.user.id));
  const { values, errors } = readFormValues(words, definition.startForm, view.state.values, {
    scope: startFormScope(definition.id),
    variables,
    utcOffset: utcOffset(person?.timezone),
  });
  const mistaken = Object.keys(errors);
  if (mistaken.length === 0)
    return start(context, submission, { words, patience, operated, place, definition, values, facts });
  if (mistaken.every((blockId) => view.blocks.some((block) => block.block_id === blockId))) {
    return ack({ response_action: 'errors', errors });
  }
  // The form was changed since it was shown: Slack has no field to show a mistake at.
  const shown = startFormModal(
    words,
    await patience.inTime(startedFrom(context, operated, place)),
    definition,
    { ...variables, ...values },
    { errors: errorsByKey(definition, errors) },
  );
  return ack({ response_action: 'update', view: shown });
}

interface StartRequest {
  words: Words;
  patience: Patience;
  operated: OperatedSession;
  place: StartPlace;
  definition: ProcessDefinition;
  values: Variables;
  facts?: SessionFacts;
}

async function start(context: SlackContext, submission: Submission, request: StartRequest): Promise<void> {
  const { words, patience, operated, place, definition, values } = request;
  const userId = submission.body.user.id;
  const viewer = { userId, viewId: submission.view.root_view_id ?? submission.view.id };
  let started: Start | undefined;
  let isWaiting = false;
  const isOpen = await answerWithView(
    context,
    words,
    submission,
    patience,
    async () => {
      const { start, claimed } = await startByHand(context.db, {
        teamId: context.identity.teamId,
        viewId: viewer.viewId,
        sessionId: operated.session.id,
        liveChatId: operated.liveChat.id,
        startedBy: userId,
        process: definition,
        facts: request.facts ?? (await startFacts(context, operated, place, userId)),
        values,
      });
      started = start;
      if (claimed) await holdTask(context.db, startHold(start.id), userId, viewer.viewId);
      const shown = await (claimed
        ? runInModal(context, words, claimed, viewer)
        : showStart(context, words, start, viewer));
      isWaiting = shown.isWaiting;
      return shown.view;
    },
    startingModal(words, definition.name),
  );
  if (!started) return;
  if (isWaiting) followStart(context, words, started.id, viewer);
  else await settleModal(context, started.id, viewer, isOpen);
}

function hasForm(definition: ProcessDefinition): definition is ProcessDefinition & { startForm: Form } {
  return definition.startForm !== undefined && definition.startForm.items.length > 0;
}

function errorsByKey({ id, startForm }: ProcessDefinition & { startForm: Form }, errors: Record<string, string>) {
  return Object.fromEntries(
    Object.entries(errors).flatMap(([blockId, message]) => {
      const field = fieldOfBlock(startForm, startFormScope(id), blockId);
      return field ? [[field.key, message]] : [];
    }),
  );
}
