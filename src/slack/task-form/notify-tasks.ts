import type { ProcessInstance } from '../../engines/engine.ts';
import { markActivityDue } from '../../starts/activity-queue.ts';
import { getStart, type Start } from '../../starts/queries.ts';
import { type StartOutcome, settleStart } from '../../starts/settle-start.ts';
import { getStartOf } from '../../starts/start-of-instance.ts';
import { message } from '../../words/message.ts';
import { inTurn } from '../calls/each-in-turn.ts';
import { type Released, releaseHolds, releaseOverdueHolds } from '../notices/release-modals.ts';
import { dropStartHold } from '../notices/start-holds.ts';
import { dropClaim } from '../notices/task-messages.ts';
import type { SlackContext } from '../slack-context.ts';
import { notifyTasks } from './tell-of-tasks.ts';

/**
 * Updates everything that Kickoff shows of a process instance to its current state: the start's status, the direct messages
 * about its tasks, and a mark that the activity line is outdated. Idempotent, but must not run twice at a time for one
 * instance: a claimed message without a ts then means that its poster crashed.
 */
export async function reconcileInstance(context: SlackContext, processInstanceKey: string): Promise<void> {
  const { database, db, engine, homes, startsUnderWay } = context;
  const [instance, tasks] = await Promise.all([
    engine.getProcessInstance(processInstanceKey),
    engine.listUserTasks(processInstanceKey),
  ]);
  if (!instance) return;
  const outcome = outcomeOf(instance);
  if (instance.startId !== undefined) await startsUnderWay.made(instance.startId);
  const settled = await settleStart(db, { processInstanceKey: instance.key, startId: instance.startId, outcome });
  if (!settled) return;
  const { start, isDue } = settled;
  if (isDue) database.signal('activity_due');
  else if (outcome.status === 'running' && (await isCancelled(db, start))) {
    // The start was cancelled while the instance was being started. The engine will report the end of the instance; an engine
    // that cannot cancel lets it continue.
    if (!engine.limitsOf(instance.key).has('cancelling')) return engine.cancelProcessInstance(instance.key);
  }
  homes.note({ liveChatId: start.liveChatId });
  await notifyTasks(context, start, tasks);
}

/** Whether somebody cancelled the start, perhaps after it was read. */
async function isCancelled(db: SlackContext['db'], { id, teamId, status }: Start): Promise<boolean> {
  // Only a waiting start can be cancelled before it has an instance.
  return status === 'cancelled' || (status === 'waiting' && (await getStart(db, teamId, id))?.status === 'cancelled');
}

/** Updates the status of a running start at once, before the engine reports the change. */
export async function refreshStart(
  { database, db, engine }: Pick<SlackContext, 'database' | 'db' | 'engine'>,
  { id, processInstanceKey }: Pick<Start, 'id' | 'processInstanceKey'>,
): Promise<void> {
  const instance = processInstanceKey === null ? undefined : await engine.getProcessInstance(processInstanceKey);
  if (!instance) return;
  const settled = await settleStart(db, {
    processInstanceKey: instance.key,
    startId: id,
    outcome: outcomeOf(instance),
  });
  if (settled?.isDue) database.signal('activity_due');
}

function outcomeOf(instance: ProcessInstance): StartOutcome {
  const { waitingJoins } = instance;
  return { ...stateOf(instance), waitingJoins: waitingJoins.length > 0 ? waitingJoins : null };
}

function stateOf({ status, reason }: ProcessInstance): Omit<StartOutcome, 'waitingJoins'> {
  switch (status) {
    case 'active':
      return { status: 'running', reason: null };
    case 'incident':
      return { status: 'running', reason: reason === undefined ? message('instance.stuckSomewhere') : asIs(reason) };
    case 'completed':
      return { status: 'completed', reason: null };
    case 'terminated':
      return reason === undefined || reason === 'cancelled'
        ? { status: 'cancelled', reason: null }
        : { status: 'failed', reason: asIs(reason) };
  }
}

/** An engine's own text, which is not translated. */
const asIs = (reason: string) => message('asIs', { text: reason });

/** Notifies the person whose tasks a modal held, after it was closed or shows no more tasks. */
export async function releaseModal(context: SlackContext, viewId: string): Promise<void> {
  await tellReleased(context, await releaseHolds(context.db, viewId));
}

/** The same for modals whose closing Slack did not report, and for claims that nobody finished. */
export async function releaseOverdue(context: SlackContext): Promise<void> {
  const { holdMs, claimMs } = context.timings.tasks;
  await tellReleased(context, await releaseOverdueHolds(context.db, holdMs, claimMs));
}

/** A task whose message cannot be sent now stays claimed, and is retried once it is overdue. Throws the first error at the end. */
async function tellReleased(context: SlackContext, released: Released[]): Promise<void> {
  const errors: unknown[] = [];
  for (const one of released) await tellOne(context, one).catch((error) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}

async function tellOne(context: SlackContext, released: Released): Promise<void> {
  const { database, db, timings } = context;
  const start = await startOf(context, released);
  const instanceKey = start?.processInstanceKey;
  if (start && instanceKey) {
    const tell = async () => notifyTasks(context, start, await context.engine.listUserTasks(instanceKey), released);
    await inTurn(tell, timings.tasks.turnPatienceMs);
  }
  if (released.taskKey !== null) return dropClaim(db, released);
  await dropStartHold(db, released);
  if (start?.status !== 'failed') return;
  // The person no longer watches the failed start in a modal, so it has to be reported.
  await markActivityDue(db, start.id);
  database.signal('activity_due');
}

async function startOf({ db, engine, identity }: SlackContext, released: Released): Promise<Start | undefined> {
  if (released.taskKey === null) return getStart(db, identity.teamId, released.startId);
  const task = await engine.getUserTask(released.taskKey);
  const instance = task && (await engine.getProcessInstance(task.processInstanceKey));
  return instance && getStartOf(db, instance);
}
