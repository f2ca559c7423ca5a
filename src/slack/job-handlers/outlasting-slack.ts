import type { JobHandler } from '../../engines/engine.ts';
import { UnavailableError } from '../../errors.ts';
import { refusalOf } from '../refusal.ts';

/**
 * Wraps a handler so that an outage of Slack costs no retries: the job waits as long as it lasts. Permanent refusals are left
 * to the handler.
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
