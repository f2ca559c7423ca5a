import { UserFacingError } from '../../errors.ts';

/** How long somebody who clicked waits for us at most, in milliseconds. Slack gives up after 3 s. */
const budgetMs = 2000;

/** What the promise resolves to, or undefined if it takes longer than a click can wait. */
export async function within<Result>(promise: Promise<Result>): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), budgetMs);
  });
  // Whoever goes on waiting handles a late rejection; without this it would count as unhandled in between.
  promise.catch(() => {});
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** For what must be known before anything can be answered. Throws {@link UserFacingError} if it takes too long. */
export async function inTime<Result extends object>(promise: Promise<Result>): Promise<Result> {
  const result = await within(promise);
  if (!result) throw new UserFacingError('This takes longer than usual. Please try again in a moment.');
  return result;
}
