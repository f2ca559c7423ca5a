import type { JobHandler } from '../../engines/engine.ts';
import { UnavailableError } from '../../errors.ts';
import { refusalOf } from '../refusal.ts';

/**
 * The handler, with Slack's outages told as such: they cost no retries, so a job outlasts them however long they are. What
 * Slack refuses for good is for the handler to tell.
 */
export function outlastingSlack(handler: JobHandler): JobHandler {
  return async (job, signal) => {
    try {
      return await handler(job, signal);
    } catch (error) {
      const isSlacks = error instanceof Error && 'code' in error && String(error.code).startsWith('slack_webapi_');
      if (!isSlacks || refusalOf(error) !== undefined) throw error;
      throw new UnavailableError('Slack does not answer', { cause: error });
    }
  };
}
