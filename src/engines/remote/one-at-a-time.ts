import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '../../db/client.ts';
import type { Logger } from '../../logger.ts';
import { message } from '../../words/message.ts';
import { EngineUnavailableError } from '../engine.ts';
import { NoAnswerError } from './answers.ts';
import type { Requests } from './gather-requests.ts';
import { type RequestId, releaseRequest } from './requests.ts';

/** How long a caller waits for others that work on the same request, in milliseconds, and how often it checks. */
const othersMs = 5000;
const othersPauseMs = 50;

export interface OneAtATime {
  /** The engine's name for people. */
  engineName: string;
  database: { db: Db };
  requests: Requests;
  logger: Logger;
}

/**
 * Does the work while nobody else, in any replica, works on a request with this id. The work may take `leaseMs`. If its call may
 * still take effect ({@link NoAnswerError}), others wait until the lease ends.
 */
export async function oneAtATime<T>(
  { engineName, database, requests, logger }: OneAtATime,
  { id, leaseMs }: { id: RequestId; leaseMs: number },
  work: () => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + othersMs;
  for (;;) {
    const claim = await requests.claim({ id, leaseMs });
    if (claim.state === 'claimed') {
      let mayStillHappen = false;
      try {
        return await work();
      } catch (error) {
        mayStillHappen = error instanceof NoAnswerError && error.mayHaveHappened;
        throw error;
      } finally {
        if (!mayStillHappen) {
          await releaseRequest(database.db, id, claim.attempts, { inDoubt: false }).catch((err) =>
            logger.warn({ err, ...id }, 'a lease was not released'),
          );
        }
      }
    }
    if (performance.now() > deadline) {
      throw new EngineUnavailableError(message('engine.inDoubt', { engine: engineName }));
    }
    await delay(othersPauseMs);
  }
}
