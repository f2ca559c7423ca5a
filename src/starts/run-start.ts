import { fillParameters } from '../bindings/fill-parameters.ts';
import { isAway } from '../db/away.ts';
import { backoff } from '../db/backoff.ts';
import type { Db } from '../db/client.ts';
import { type HeldLease, mostTries } from '../db/queue-worker.ts';
import type { ProcessEngine } from '../engines/engine.ts';
import { publicReason, UserFacingError } from '../errors.ts';
import type { LiveChat } from '../live-chats/live-chat.ts';
import { roleOf } from '../live-chats/staff.ts';
import { logWith } from '../log-context.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { fitFiles } from '../processes/check-files.ts';
import { checkValues } from '../processes/check-values.ts';
import type { Form } from '../processes/form.ts';
import { nestValues, valueAt } from '../processes/form-path.ts';
import type { ListEntries } from '../processes/list-entries.ts';
import type { ProcessDefinition } from '../processes/process-definition.ts';
import { listValues, type ShownForm, showForm, shownFields } from '../processes/show-form.ts';
import type { Json, Variables } from '../processes/value-types.ts';
import { seeFiles, shownFiles } from '../sessions/message-files.ts';
import type { People, Person } from '../sessions/people.ts';
import { peopleOf, placesOf, propertyValues } from '../sessions/properties.ts';
import { getSession, setClientIfUnknown } from '../sessions/queries.ts';
import type { SessionFacts } from '../sessions/session-facts.ts';
import { readTranscript } from '../sessions/transcript.ts';
import { traced } from '../tracing.ts';
import { type Message, message } from '../words/message.ts';
import { hearsAfter } from './hears-after.ts';
import { failStart, type RunningStart, retryStart, type Start, setStartClient } from './queries.ts';
import type { ClaimedStart } from './start-queue.ts';
import type { StartsUnderWay } from './under-way.ts';

export interface RunStartDependencies {
  db: Db;
  /** Database.signal */
  signal(signal: 'activity_due'): void;
  /** Called after a start changed, so that views of it can be updated. */
  changed(start: Start): void;
  metrics: Pick<Metrics, 'start'>;
  /** {@link startsRunning}, possibly batched with other starts. */
  startRunning(running: RunningStart): Promise<boolean>;
  startsUnderWay: StartsUnderWay;
  engine: ProcessEngine;
  people: People;
  liveChat(id: string): LiveChat | undefined;
  /** The newest version of a process definition. */
  definition(id: string): ProcessDefinition | undefined;
  workspaceUrl: string;
  logger: Logger;
}

export type StartAttempt =
  | { status: 'running'; processInstanceKey: string }
  | { status: 'waiting'; reason: Message }
  | { status: 'failed'; reason: Message };

/**
 * Makes one attempt at a claimed start. An error that a person has to correct fails the start; an outage of the engine or Slack
 * leaves it waiting for the next attempt. The engine gets the start's id, so that an attempt after a crash finds the instance
 * that an earlier one began.
 */
export async function runStart(
  dependencies: RunStartDependencies,
  start: ClaimedStart,
  lease: HeldLease,
): Promise<StartAttempt> {
  const { id: startId, processDefinitionId } = start;
  const attributes = { 'kickoff.start.id': startId, 'kickoff.process.id': processDefinitionId };
  const attempt = await logWith({ startId, processDefinitionId }, () =>
    traced('start', { attributes, parent: start.traceparent }, async (note) => {
      const made = await dependencies.startsUnderWay.make(startId, () => attemptStart(dependencies, start, lease));
      note({ 'kickoff.start.status': made.status });
      return made;
    }),
  );
  dependencies.metrics.start(attempt.status, start.createdAt);
  dependencies.changed(start);
  return attempt;
}

async function attemptStart(
  dependencies: RunStartDependencies,
  start: ClaimedStart,
  lease: HeldLease,
): Promise<StartAttempt> {
  const { db, engine, signal, logger } = dependencies;
  try {
    // After an attempt that ended without a report, there may already be an instance.
    const isFirst = start.reason === null && start.unfinished <= 1;
    if (isFirst && dependencies.definition(start.processDefinitionId)?.isOff) {
      throw new UserFacingError(message('start.processOff', { process: start.processName }));
    }
    const variables = start.variables ?? (await resolveVariables(dependencies, start));
    const { processInstanceKey } = await traced('start process instance', {}, async (note) => {
      const instance = await engine.startProcessInstance({
        startId: start.id,
        processDefinitionId: start.processDefinitionId,
        variables,
        hearsAfter: hearsAfter(start),
      });
      note({ 'kickoff.instance.key': instance.processInstanceKey });
      return instance;
    });
    await lease.stopRenewing();
    const { id, lease: named } = start;
    if (await dependencies.startRunning({ id, lease: named, processInstanceKey, variables })) signal('activity_due');
    logger.info({ processInstanceKey }, 'process started');
    return { status: 'running', processInstanceKey };
  } catch (err) {
    await lease.stopRenewing();
    if (err instanceof UserFacingError) {
      await failStart(db, start, err.said);
      signal('activity_due');
      logger.warn({ err }, 'start failed');
      return { status: 'failed', reason: err.said };
    }
    const reason = publicReason(err);
    if (start.attempts >= mostTries && !isAway(err)) {
      await failStart(db, start, reason);
      signal('activity_due');
      logger.error({ err }, 'start failed and will not be retried');
      return { status: 'failed', reason };
    }
    const delay = backoff(start.attempts);
    await retryStart(db, start, delay, reason);
    signal('activity_due');
    logger.warn({ err, retryInMs: delay }, 'start will be retried');
    return { status: 'waiting', reason };
  }
}

async function resolveVariables(dependencies: RunStartDependencies, start: Start): Promise<Variables> {
  const definition = dependencies.definition(start.processDefinitionId);
  if (!definition) throw new UserFacingError(message('start.noSuchProcess', { process: start.processName }));
  const codes = Object.values(start.mapping ?? {});
  let { facts } = start;
  if (codes.some((code) => code.startsWith('client.'))) facts = await withClient(dependencies, start);
  if (codes.some((code) => code.startsWith('operator.'))) facts = await withOperator(dependencies, start, facts);
  // The mapping uses the transcript only since the start failed, so that the event did not keep it.
  const isMissing = codes.includes('session.transcript') && facts.transcript.length === 0;
  const transcript = isMissing ? await readTranscript(dependencies.db, start.sessionId) : facts.transcript;
  const values = await readProperties(dependencies, { ...facts, transcript }, codes);
  const variables = {
    ...fillParameters(start.mapping ?? {}, definition.parameters, values),
    sessionId: start.sessionId,
  };
  return submitted(definition, variables);
}

/** Adds the client to facts that have none: the one who has written since, else the only outsider in the conversation. */
async function withClient(dependencies: RunStartDependencies, start: Start): Promise<SessionFacts> {
  const { db } = dependencies;
  const { id, facts, sessionId } = start;
  if (facts.clientUserId !== null) return facts;
  const session = await getSession(db, sessionId);
  const clientUserId = session?.clientUserId ?? (await findOutsider(dependencies, start));
  if (clientUserId === undefined) return facts;
  await setClientIfUnknown(db, sessionId, clientUserId, 'member');
  await setStartClient(db, id, clientUserId);
  return { ...facts, clientUserId };
}

/** Adds the operator to facts that have none: the one who has answered since. */
async function withOperator(
  { db }: RunStartDependencies,
  { sessionId }: Start,
  facts: SessionFacts,
): Promise<SessionFacts> {
  if (facts.operatorUserId !== null) return facts;
  return { ...facts, operatorUserId: (await getSession(db, sessionId))?.operatorUserId ?? null };
}

/** Staff can be guests as well. */
async function findOutsider(
  { people, liveChat: liveChatOf }: RunStartDependencies,
  { facts, liveChatId }: Start,
): Promise<string | undefined> {
  const liveChat = liveChatId === null ? undefined : liveChatOf(liveChatId);
  if (!liveChat) return undefined;
  const outsiders = await people.outsiders(facts.channelId);
  const roles = await Promise.all(outsiders.map(({ id }) => roleOf(liveChat, id, people.groupMembers)));
  const [client, ...others] = outsiders.filter((_, index) => roles[index] === undefined);
  return others.length > 0 ? undefined : client?.id;
}

/** The variables that the start form submits for those that a mapping gives: validated, with computed values. */
function submitted({ startForm }: ProcessDefinition, variables: Variables): Variables {
  if (!startForm) return variables;
  const { shown, given } = formFor(startForm, variables);
  const fields = shownFields(shown);
  const [mistake] = checkValues(fields, given);
  if (!mistake) return nestValues([...listValues(shown), ...shown.formulas], given);
  const label = fields.find((field) => field.key === mistake.key)?.label ?? mistake.key;
  throw new UserFacingError(message('start.mistake', { parameter: label, mistake: mistake.message }));
}

/** The form filled with these variables; each field gets no more files than it takes. */
function formFor(form: Form, given: Variables): { shown: ShownForm; given: Variables } {
  const shown = showForm(form, { variables: given, entries: () => noEntries });
  const fitting = shownFields(shown).flatMap((field): [string, Json][] => {
    const { fitting, leftOut } = fitFiles(field, valueAt(given, field.key));
    // If none fits, validation reports the mistake.
    return leftOut.length > 0 && fitting.length > 0 ? [[field.key, fitting]] : [];
  });
  return fitting.length > 0 ? formFor(form, nestValues(fitting, given)) : { shown, given };
}

/** Lists start empty: no property fills a list, and an empty entry would require values that nobody can enter. */
const noEntries: ListEntries = { shown: [], rest: Number.POSITIVE_INFINITY, next: 0 };

/** The values of the session's properties, with people's profiles loaded. `codes`: the properties to compute; absent: all. */
export async function readProperties(
  { people, workspaceUrl }: Pick<RunStartDependencies, 'people' | 'workspaceUrl'>,
  facts: SessionFacts,
  codes?: string[],
): Promise<Variables> {
  const wanted = (prefix: string) => !codes || codes.some((code) => code.startsWith(prefix));
  const shown = {
    ...facts,
    clientUserId: wanted('client.') ? facts.clientUserId : null,
    operatorUserId: wanted('operator.') ? facts.operatorUserId : null,
    transcript: wanted('session.transcript') ? facts.transcript : [],
    message: wanted('message.text') ? facts.message : null,
  };
  const found = await Promise.all(peopleOf(shown).map((id) => people.person(id)));
  const byId = new Map(found.filter((person): person is Person => person !== undefined).map((one) => [one.id, one]));
  const named = await Promise.all(placesOf(shown).map(async (id) => [id, await people.placeName(id)] as const));
  const places = new Map(named.flatMap(([id, name]) => (name === undefined ? [] : [[id, name] as const])));
  const files = wanted('message.files') ? shownFiles(await seeFiles(people, facts.message?.files ?? [])) : [];
  return propertyValues({ facts, people: byId, places, workspaceUrl, files });
}
