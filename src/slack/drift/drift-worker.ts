import { type QueueWorker, startQueueWorker } from '../../db/queue-worker.ts';
import type { Words } from '../../words/words.ts';
import { type Markup, notification, say } from '../block-kit/markup.ts';
import { sections } from '../block-kit/sections.ts';
import { eachInTurn } from '../calls/each-in-turn.ts';
import {
  claimNotice,
  closeNotice,
  isTold,
  listNotices,
  type NoticeTopic,
  setNoticePosted,
} from '../notices/notices.ts';
import { refusalOf } from '../refusal.ts';
import { listAdministrators } from '../rights/administrator.ts';
import { sendDirectMessage } from '../send-direct-message.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import {
  type ClaimedDrift,
  type Drift,
  driftQueue,
  findUnfit,
  fingerprintOf,
  noteDrifts,
  type Unfit,
} from './drifts.ts';

/** Maximum number of bindings named in a message; the rest is counted. */
const mostNamed = 20;

/** Tells administrators, once, that a new version of a process does not fit what is bound to it. */
export async function startDriftWorker(context: SlackContext): Promise<QueueWorker> {
  const { database, db, identity, timings, logger } = context;
  const { teamId } = identity;
  return startQueueWorker({
    name: 'drifts',
    database,
    signal: 'drifts_due',
    logger,
    concurrency: 1,
    works: [
      {
        queue: driftQueue,
        leaseMs: timings.drift.leaseMs,
        renewed: true,
        async handle(drift: ClaimedDrift) {
          await tellOfDrift(context, drift);
          await driftQueue.finish(db, drift);
        },
        ids: ({ processDefinitionId }: Drift) => ({ processDefinitionId }),
      },
    ],
    async before() {
      await noteDrifts(db, teamId, await findUnfit(db, teamId, context.catalogue()));
    },
  });
}

/** Skips drifts that were corrected since, or that only another replica's older catalogue shows. */
async function tellOfDrift(context: SlackContext, { teamId, processDefinitionId, fingerprint }: Drift): Promise<void> {
  const { db, logger } = context;
  const unfit = (await findUnfit(db, teamId, context.catalogue())).get(processDefinitionId);
  if (!unfit || fingerprintOf(unfit) !== fingerprint) return;
  const topic: NoticeTopic = { kind: 'drift', subject: processDefinitionId, occasion: fingerprint };
  const told = await listNotices(db, topic);
  await eachInTurn(await listAdministrators(context), async (userId) => {
    const before = told.find((notice) => notice.userId === userId);
    if (before ? isTold(before) : !(await claimNotice(db, { ...topic, userId }))) return;
    try {
      const posted = await sendDirectMessage(context, userId, driftMessage(await wordsFor(context, userId), unfit));
      await setNoticePosted(db, { ...topic, userId }, posted);
    } catch (error) {
      const reason = refusalOf(error);
      if (reason === undefined) throw error;
      logger.warn(
        { processDefinitionId, userId, reason },
        'an administrator could not be notified about a changed process',
      );
      await closeNotice(db, { ...topic, userId });
    }
  });
  logger.warn({ processDefinitionId, bindings: unfit.length }, 'a process no longer fits what is bound to it');
}

function driftMessage(words: Words, unfit: readonly Unfit[]) {
  const process = unfit[0]?.processName ?? '';
  const headline = say(words, 'drift.changed', { process });
  const lines: Markup[] = unfit.slice(0, mostNamed).map(({ liveChatName: liveChat, binding, changes }) =>
    say(words, 'drift.binding', {
      liveChat,
      event: words(`event.${binding.event}`),
      changes: changes.map((change) => words(change)).join('; '),
    }),
  );
  const rest = unfit.length > mostNamed ? [say(words, 'more', { count: unfit.length - mostNamed })] : [];
  return { text: notification(headline), blocks: sections([headline, ...lines, ...rest]) };
}
