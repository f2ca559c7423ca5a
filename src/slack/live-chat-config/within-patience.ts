import { UserFacingError } from '../../errors.ts';

/** Slack waits 3 seconds for an answer; what comes of the lookups has still to be written and sent, in milliseconds. */
const patienceMs = 1500;

/**
 * The promise's result, if it comes while a person still waits for our answer. If it does not, throws a UserFacingError
 * and lets the work go on: what it looks up is remembered, so that the next attempt is quick.
 */
export async function withinPatience<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new UserFacingError('Slack takes longer than usual to answer. Please try again in a moment.'));
    }, patienceMs);
  });
  // Once it is late, nobody waits for its failure any more.
  work.catch(() => {});
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
