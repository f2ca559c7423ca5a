import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '../../db/client.ts';
import { message } from '../../words/message.ts';
import { EngineUnavailableError } from '../engine.ts';
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
}

/** Does the work while nobody else, in any replica, works on a request with this id. The work may take `leaseMs`. */
export async function oneAtATime<T>(
  { engineName, database, requests }: OneAtATime,
  { id, leaseMs }: { id: RequestId; leaseMs: number },
  work: () => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + othersMs;
  for (;;) {
    const claim = await requests.claim({ id, leaseMs });
    if (claim.state === 'claimed') {
      try {
        return await work();
      } finally {
        await releaseRequest(database.db, id, claim.attempts, { inDoubt: false });
      }
    }
    if (performance.now() > deadline) {
      throw new EngineUnavailableError(message('engine.inDoubt', { engine: engineName }));
    }
    await delay(othersPauseMs);
  }
}
