import { backoff } from '../../db/backoff.ts';
import { startWorker, type Worker } from '../../db/worker.ts';
import type { SlackContext } from '../slack-context.ts';
import { claimHome, finishHome, forgetOldHomes, markHomeDue, markHomesDue, nextHomeDueIn, touchHome } from './homes.ts';
import { publishHome } from './publish-home.ts';

/** What takes longer was cut short by a crash. */
const leaseMs = 30_000;
/**
 * One Home tab a second: Slack takes some 100 calls of views.publish a minute (tier 4), and those that people wait for come
 * on top.
 */
const paceMs = 1000;
const sweepEveryMs = 3_600_000;

/** Shows Home tabs anew that are behind. */
export async function startHomeWorker(context: SlackContext): Promise<Worker> {
  const { database, db, homes, identity, logger } = context;
  const { teamId } = identity;
  /** How often in a row each could not be shown. */
  const failures = new Map<string, number>();
  let freeAt = 0;
  let sweptAt = 0;
  let hasBegun = false;
  await database.listen('live_chats_changed', (channel) => {
    if (!channel) homes.note({ all: true });
  });
  return startWorker({
    name: 'home tabs',
    database,
    signal: 'homes_due',
    logger,
    async work() {
      // What was noted before a crash may not have been marked.
      if (!hasBegun) await markHomesDue(db, { teamId, userIds: [], liveChatIds: [], all: true });
      hasBegun = true;
      for (const userId of homes.takeOpened()) {
        try {
          await touchHome(db, { teamId, userId });
          await markHomeDue(db, { teamId, userId }, 0);
        } catch (err) {
          // The others go on.
          homes.openLater(userId);
          logger.warn({ err, userId }, 'a Home tab is shown later');
        }
      }
      if (Date.now() - sweptAt > sweepEveryMs) {
        sweptAt = Date.now();
        await forgetOldHomes(db);
      }
      const wait = freeAt - Date.now();
      if (wait > 0) return wait;
      const home = await claimHome(db, leaseMs);
      if (!home) return nextHomeDueIn(db);
      freeAt = Date.now() + paceMs;
      try {
        await publishHome(context, home.userId);
        failures.delete(home.userId);
        await finishHome(db, home);
      } catch (err) {
        const attempt = (failures.get(home.userId) ?? 0) + 1;
        failures.set(home.userId, attempt);
        const retryInMs = retryAfterMs(err) ?? backoff(attempt);
        logger.warn({ err, userId: home.userId, retryInMs }, 'a Home tab is shown later');
        await markHomeDue(db, home, retryInMs);
      }
      return paceMs;
    },
  });
}

/** What Slack said to wait after too many calls. */
function retryAfterMs(error: unknown): number | undefined {
  const seconds = error instanceof Error && 'retryAfter' in error ? Number(error.retryAfter) : Number.NaN;
  return Number.isNaN(seconds) ? undefined : seconds * 1000;
}
