import { UserFacingError } from '../errors.ts';
import { message } from '../words/message.ts';

/** How long somebody who did something waits for us at most, in milliseconds. Slack gives up after 3 s. */
const patienceMs = 2000;

/** What is left of a person's patience: it is one for all that has to be done before they are answered. */
export interface Patience {
  /** What the promise resolves to, or undefined if that takes too long. */
  within<Result extends object>(promise: Promise<Result>): Promise<Result | undefined>;
  /**
   * For what must be known before anything can be answered. If it takes too long, throws {@link UserFacingError} and lets
   * the work go on: what it looks up is remembered, so that the next attempt is quick.
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
    // Whoever goes on waiting handles a late rejection; without this it would count as unhandled in between.
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
