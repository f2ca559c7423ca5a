import { UserFacingError } from '../errors.ts';
import { message } from '../words/message.ts';

/** How long a person waits for an answer at most, in milliseconds. Slack gives up after 3 seconds. */
const patienceMs = 2000;

/** A time limit shared by everything that has to happen before a person is answered. */
export interface Patience {
  /** Resolves to the promise's result, or to undefined if the time is up. */
  within<Result extends object>(promise: Promise<Result>): Promise<Result | undefined>;
  /**
   * For results that the answer depends on. If the time is up, throws {@link UserFacingError}; the work goes on, and its result
   * is cached, so that the next attempt is quick.
   */
  inTime<Result>(promise: Promise<Result>): Promise<Result>;
}

/** To be called when the person's request arrives. */
export function startPatience(totalMs: number = patienceMs): Patience {
  const deadline = performance.now() + totalMs;
  const late = Symbol('late');

  async function race<Result>(promise: Promise<Result>): Promise<Result | typeof late> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<typeof late>((resolve) => {
      timer = setTimeout(() => resolve(late), Math.max(0, deadline - performance.now()));
    });
    // A late rejection is handled by the caller that still waits; without this line it would count as unhandled in between.
    promise.catch(() => {});
    return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
  }

  return {
    async within(promise) {
      const result = await race(promise);
      return result === late ? undefined : result;
    },
    async inTime(promise) {
      const result = await race(promise);
      if (result === late) throw new UserFacingError(message('tooSlow'));
      return result;
    },
  };
}
