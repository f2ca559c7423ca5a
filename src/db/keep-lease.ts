import type { Logger } from '../logger.ts';

export interface LeaseOptions {
  leaseMs: number;
  logger: Logger;
  /** Fields for log lines. */
  ids: Record<string, unknown>;
  /** Extends the lease by its length. Returns false if it was lost. */
  renew(): Promise<boolean>;
}

export interface Lease {
  /** Aborted when the lease may have been lost: continuing could do the work twice. */
  signal: AbortSignal;
  /** After it resolves, nothing touches the lease. */
  stopRenewing(): Promise<void>;
}

/** Renews a lease three times within its length, starting from now, when it was taken. */
export function keepLease({ leaseMs, logger, ids, renew }: LeaseOptions): Lease {
  const lost = new AbortController();
  const lose = (reason: string) => {
    clearInterval(timer);
    clearTimeout(end);
    logger.warn({ ...ids, reason }, 'a lease was lost');
    lost.abort(new Error(reason));
  };
  const expiry = (from: number) =>
    setTimeout(() => lose('it could not be renewed in time'), leaseMs - (performance.now() - from));
  let end = expiry(performance.now());
  let renewing: Promise<void> | undefined;
  const renewOnce = async () => {
    const asked = performance.now();
    try {
      const isOurs = await renew();
      if (lost.signal.aborted) return;
      if (!isOurs) return lose('somebody else has it');
      clearTimeout(end);
      end = expiry(asked);
    } catch (err) {
      logger.warn({ err, ...ids }, 'a lease was not renewed');
    }
  };
  const timer = setInterval(() => {
    // No second renewal while one waits for the database.
    renewing ??= renewOnce().finally(() => {
      renewing = undefined;
    });
  }, leaseMs / 3);
  return {
    signal: lost.signal,
    async stopRenewing() {
      clearInterval(timer);
      await renewing;
      clearTimeout(end);
    },
  };
}
