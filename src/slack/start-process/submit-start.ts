import { isUnavailable } from '../../db/unavailable.ts';
import { publicReason, UserFacingError } from '../../errors.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import { type ShownForm, showForm } from '../../processes/show-form.ts';
import type { Variables } from '../../processes/value-types.ts';
import type { SessionFacts } from '../../sessions/session-facts.ts';
import { getStart, type Start } from '../../starts/queries.ts';
import { startByHand } from '../../starts/start-by-hand.ts';
import { message } from '../../words/message.ts';
import type { Words } from '../../words/words.ts';
import { fieldOfBlock } from '../block-kit/field-block-id.ts';
import { readFormValues } from '../block-kit/form-values.ts';
import { isShown } from '../block-kit/is-shown.ts';
import { waitInModal } from '../notices/start-holds.ts';
import { type Patience, startPatience } from '../patience.ts';
import { type OperatedSession, requireOperator } from '../rights/require-operator.ts';
import { pickedProcess, processSearchBlockId } from '../search-processes/process-search-block.ts';
import type { SlackContext } from '../slack-context.ts';
import { answerWithView, type Submission } from '../task-form/show-view.ts';
import { wordsFor } from '../words-for.ts';
import { followStart, runInModal, type ShownStart, settleModal, showStart, type Unstored } from './follow-start.ts';
import { startedFrom, startFacts } from './start-facts.ts';
import { hasForm, readStartOptions } from './start-form-values.ts';
import { readPlace, type StartPlace } from './start-place.ts';
import { notStartedModal, notStoredModal, startFormModal, startingModal, waitingModal } from './views.ts';

/** A process was chosen: shows its start form, or starts it at once if it has none. */
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
      const { variables, leftOut } = await readStartOptions(context, operated, place, definition, body.user.id);
      const form = showForm(definition.startForm, { variables });
      return startFormModal(words, await startedFrom(context, operated, place), definition, form, { leftOut });
    },
    startingModal(words, definition.name),
  );
}

/** The start form was submitted: starts the process, or shows mistakes at their fields. */
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
  const options = await patience.inTime(readStartOptions(context, operated, place, definition, body.user.id));
  const { facts, leftOut } = options;
  const { values, errors, shown, blockIds } = readFormValues(words, definition.startForm, view.state.values, options);
  if (!isShown(view, blockIds)) {
    const from = await patience.inTime(startedFrom(context, operated, place));
    const more = { errors: errorsByKey(shown, options.scope, errors), notice: words('form.changed'), leftOut };
    return ack({ response_action: 'update', view: startFormModal(words, from, definition, shown, more) });
  }
  if (Object.keys(errors).length > 0) return ack({ response_action: 'errors', errors });
  return start(context, submission, { words, patience, operated, place, definition, values, facts });
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
  /** Stores the start, unless it is stored already, and runs it if it is new. */
  const storeAndRun = async (): Promise<ShownStart> => {
    const { start, claimed } = await startByHand(context.db, {
      teamId: context.identity.teamId,
      viewId: viewer.viewId,
      sessionId: operated.session.id,
      liveChatId: operated.liveChat.id,
      startedBy: userId,
      process: definition,
      facts: request.facts ?? (await startFacts(context, operated, place, userId)),
      values,
      leaseMs: context.timings.starts.leaseMs,
    });
    started = start;
    if (start.status === 'waiting') await waitInModal(context.db, start.id, userId, viewer.viewId);
    return claimed ? runInModal(context, words, claimed, viewer) : showStart(context, words, start, viewer);
  };
  const isOpen = await answerWithView(
    context,
    words,
    submission,
    patience,
    async () => {
      const shown = await storeAndRun().catch((err): ShownStart => {
        if (!started && !isUnavailable(err)) throw err;
        context.logger.warn({ err, startId: started?.id }, 'a start was not completed in its modal');
        const reason = isUnavailable(err) ? message('reason.databaseAway') : publicReason(err);
        const view = started
          ? waitingModal(words, { processName: definition.name, reason })
          : notStoredModal(words, definition.name);
        return { view, isWaiting: true };
      });
      isWaiting = shown.isWaiting;
      return shown.view;
    },
    startingModal(words, definition.name),
  );
  const current = async () => {
    if (!started) await storeAndRun();
    return started && getStart(context.db, started.teamId, started.id);
  };
  const unstored: Unstored = {
    isStored: () => started !== undefined,
    waiting: notStoredModal(words, definition.name),
    failed: (reason) => notStartedModal(words, definition.name, reason),
  };
  if (isWaiting) followStart(context, words, current, viewer, unstored);
  else if (started) await settleModal(context, started.id, viewer, isOpen);
}

function errorsByKey(form: ShownForm, scope: string, errors: Record<string, string>) {
  return Object.fromEntries(
    Object.entries(errors).flatMap(([blockId, mistake]) => {
      const field = fieldOfBlock(form, scope, blockId);
      return field ? [[field.key, mistake]] : [];
    }),
  );
}
