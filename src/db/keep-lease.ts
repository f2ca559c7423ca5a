import type { Logger } from '../logger.ts';

export interface LeaseOptions {
  leaseMs: number;
  logger: Logger;
  /** For log lines. */
  ids: Record<string, unknown>;
  /** Keeps it for as long again. False: it is somebody else's by now, or gone. */
  renew(): Promise<boolean>;
}

export interface Lease {
  /** Aborted once the lease may be another's: whoever works on goes on twice. */
  signal: AbortSignal;
  /** Stops renewing; once this resolves, nothing touches the lease. */
  letGo(): Promise<void>;
}

/** Renews a lease three times in its length, beginning now, when it was just taken. */
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
    // One that waits for the database is not overtaken by the next.
    renewing ??= renewOnce().finally(() => {
      renewing = undefined;
    });
  }, leaseMs / 3);
  return {
    signal: lost.signal,
    async letGo() {
      clearInterval(timer);
      await renewing;
      clearTimeout(end);
    },
  };
}
