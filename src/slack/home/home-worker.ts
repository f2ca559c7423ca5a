import { setTimeout as delay } from 'node:timers/promises';
import { isAway } from '../../db/away.ts';
import { type QueueWorker, startQueueWorker } from '../../db/queue-worker.ts';
import type { SlackContext } from '../slack-context.ts';
import { type ClaimedHome, type HomeKey, homeQueue, markHomesDue, showHomeNext, touchHome } from './homes.ts';
import { publishHome } from './publish-home.ts';

/** Refreshes outdated Home tabs. */
export async function startHomeWorker(context: SlackContext): Promise<QueueWorker> {
  const { database, db, homes, identity, logger } = context;
  const { teamId } = identity;
  const { paceMs, leaseMs } = context.timings.home;
  const stopping = new AbortController();
  let hasBegun = false;
  await database.listen('live_chats_changed', (channel) => {
    if (!channel) homes.note({ all: true });
  });
  const worker = await startQueueWorker({
    name: 'home tabs',
    database,
    signal: 'homes_due',
    logger,
    concurrency: 1,
    works: [
      {
        queue: homeQueue,
        leaseMs,
        renewed: true,
        async handle(home: ClaimedHome) {
          const pause = delay(paceMs, undefined, { signal: stopping.signal }).catch(() => {});
          try {
            await publishHome(context, home.userId);
            await homeQueue.finish(db, home);
          } finally {
            await pause;
          }
        },
        ids: ({ userId }: HomeKey) => ({ userId }),
      },
    ],
    async before() {
      // Changes that were collected before a crash may not have been written.
      if (!hasBegun) await markHomesDue(db, { teamId, userIds: [], liveChatIds: [], all: true });
      hasBegun = true;
      for (const userId of homes.takeOpened()) await showOpened(context, { teamId, userId });
    },
  });
  return {
    wake: worker.wake,
    async stop() {
      stopping.abort();
      await worker.stop();
    },
  };
}

/** Shows a Home tab that was opened while it could not be shown. */
async function showOpened({ db, homes, logger }: SlackContext, home: HomeKey): Promise<void> {
  try {
    await touchHome(db, home);
    await showHomeNext(db, home);
  } catch (err) {
    // Later tabs are tried all the same.
    if (isAway(err)) homes.openLater(home.userId);
    logger.warn({ err, userId: home.userId }, 'an opened Home tab could not be noted');
  }
}
