import { isDeepStrictEqual } from 'node:util';
import type { ModalView } from '@slack/web-api';
import { isAway } from '../../db/away.ts';
import { publicReason } from '../../errors.ts';
import { holdStart } from '../../starts/hold-start.ts';
import { getStart, type Start } from '../../starts/queries.ts';
import { runStart } from '../../starts/run-start.ts';
import { claimStart } from '../../starts/start-by-hand.ts';
import type { ClaimedStart } from '../../starts/start-queue.ts';
import { type Message, message } from '../../words/message.ts';
import type { Words } from '../../words/words.ts';
import { noteFailureSeen } from '../activity/notify-failure.ts';
import { say } from '../block-kit/markup.ts';
import type { SlackContext } from '../slack-context.ts';
import { startDependencies } from '../start-dependencies.ts';
import { nextStepModal } from '../task-form/next-step.ts';
import { releaseModal } from '../task-form/notify-tasks.ts';
import { showIn, updateView } from '../update-view.ts';
import { failedModal, startingModal, waitingModal } from './views.ts';

/** The person and the modal that shows a start. */
export interface Viewer {
  userId: string;
  viewId: string;
}

export interface ShownStart {
  view: ModalView;
  /** Whether the start is still waiting, so that the modal has to be updated. */
  isWaiting: boolean;
}

/** Runs a start that the caller has claimed, and shows the result. */
export async function runInModal(
  context: SlackContext,
  words: Words,
  start: ClaimedStart,
  viewer: Viewer,
): Promise<ShownStart> {
  await holdStart({ ...context, leaseMs: context.timings.starts.leaseMs }, start, (lease) =>
    runStart(startDependencies(context), start, lease),
  );
  return showStart(context, words, (await getStart(context.db, start.teamId, start.id)) ?? start, viewer);
}

/** Runs a start that is due, unless a worker has claimed it. */
export async function claimInModal(
  context: SlackContext,
  words: Words,
  start: Start,
  viewer: Viewer,
): Promise<ShownStart> {
  const claimed = await claimStart(context.db, start.id, context.timings.starts.leaseMs);
  if (claimed) return runInModal(context, words, claimed, viewer);
  return showStart(context, words, (await getStart(context.db, start.teamId, start.id)) ?? start, viewer);
}

/** The modal for the current state of a start. */
export async function showStart(
  context: SlackContext,
  words: Words,
  start: Start,
  viewer: Viewer,
): Promise<ShownStart> {
  if (start.status === 'waiting') {
    const view = start.reason === null ? startingModal(words, start.processName) : waitingModal(words, start);
    return { view, isWaiting: true };
  }
  const { processInstanceKey } = start;
  if (processInstanceKey === null) return { view: failedModal(words, start), isWaiting: false };
  const done = say(words, 'start.started', { process: start.processName });
  return {
    view: await nextStepModal(context, { words, start, processInstanceKey, ...viewer, done }),
    isWaiting: false,
  };
}

/** A start that is not stored yet. */
export interface Unstored {
  isStored(): boolean;
  waiting: ModalView;
  /** `reason`: why it will not be stored. */
  failed(reason: Message): ModalView;
}

/**
 * Updates the modal of a waiting start until the start runs or fails, or the modal is closed. A failure that the person can no
 * longer see there is sent to them as a message (see activity/notify-failure.ts). `current`: reads the start; while the
 * database is unavailable, it is called again. With `unstored`, it also stores the start, if the modal is still open: a person
 * who has closed it thinks that nothing is started.
 */
export function followStart(
  context: SlackContext,
  words: Words,
  current: () => Promise<Start | undefined>,
  viewer: Viewer,
  unstored?: Unstored,
): void {
  // Not awaited: the submission is answered, and Kickoff must be able to stop while somebody looks at a modal.
  follow(context, words, current, viewer, unstored)
    .catch(async (err) => {
      context.logger.warn({ err }, 'a modal could not follow its start');
      if (unstored && !unstored.isStored())
        await updateView(context, viewer.viewId, unstored.failed(publicReason(err)));
    })
    .catch((err) => context.logger.warn({ err }, 'a modal could not say that its start failed'));
}

async function follow(
  context: SlackContext,
  words: Words,
  current: () => Promise<Start | undefined>,
  viewer: Viewer,
  unstored?: Unstored,
): Promise<void> {
  const { followForMs, attentionMs, attentivePauseMs, pauseMs } = context.timings.startModal;
  const begun = performance.now();
  const lasts = () => performance.now() - begun;
  let reason: Message | null | undefined;
  let isOpen = true;
  const show = showIn(context, viewer.viewId);
  /** Returns whether there is nothing more to follow. */
  const update = async (): Promise<boolean> => {
    if (unstored && !unstored.isStored() && !(await show(unstored.waiting))) return true;
    const start = await current();
    if (!start) return true;
    if (start.status === 'waiting' && isDeepStrictEqual(start.reason, reason)) return false;
    reason = start.reason;
    const { view, isWaiting } = await showStart(context, words, start, viewer);
    isOpen = isOpen && (await show(view));
    if (!isWaiting) await settleModal(context, start.id, viewer, isOpen);
    return !isWaiting;
  };
  while (lasts() < followForMs) {
    const isOver = await update().catch((error) => {
      if (!isAway(error)) throw error;
      return false;
    });
    if (isOver) return;
    await new Promise((resolve) => setTimeout(resolve, lasts() < attentionMs ? attentivePauseMs : pauseMs).unref());
  }
  context.logger.debug('a modal no longer follows its start');
  if (unstored && !unstored.isStored()) await show(unstored.failed(message('reason.databaseAway')));
}

/** Records whether the modal showed the result: if it was closed before, the person is told by message. */
export async function settleModal(
  context: SlackContext,
  startId: string,
  { userId, viewId }: Viewer,
  isOpen: boolean,
): Promise<void> {
  const start = await getStart(context.db, context.identity.teamId, startId);
  const isFailed = start?.status === 'failed' && start.processInstanceKey === null;
  if (isOpen && isFailed) await noteFailureSeen(context, start, userId);
  if (!isOpen || isFailed) await releaseModal(context, viewId);
}
