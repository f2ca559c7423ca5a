import { driverError, isUnavailable } from '../../../db/unavailable.ts';
import { message } from '../../../words/message.ts';
import { EngineUnavailableError } from '../../engine.ts';

/** Runs `work`, and rethrows errors of an unreachable database as {@link EngineUnavailableError}. */
export async function reachingDatabase<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const cause = driverError(error);
    if (!isUnavailable(cause)) throw cause;
    throw new EngineUnavailableError(message('engine.databaseAway'), { cause });
  }
}
