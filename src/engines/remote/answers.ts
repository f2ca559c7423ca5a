import { reasonOf } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { EngineRefusedError, EngineUnavailableError } from '../engine.ts';

/** The engine is unavailable, or the answer to a call was lost. */
export class NoAnswerError extends EngineUnavailableError {
  /** Whether the call may have taken effect, or may still do so. */
  readonly mayHaveHappened: boolean;
  constructor(
    said: ConstructorParameters<typeof EngineUnavailableError>[0],
    mayHaveHappened: boolean,
    cause?: unknown,
  ) {
    super(said, { cause });
    this.mayHaveHappened = mayHaveHappened;
  }
}

/** Error codes of calls that never reached the server. */
const unsent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

/** Whether a failed call never reached the server. */
export function isUnsent(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && unsent.has(String(cause.code))) return true;
    if (cause instanceof AggregateError && cause.errors.length > 0 && cause.errors.every(isUnsent)) return true;
  }
  return false;
}

/** The reason of a failed fetch: its cause, if there is one, since its own message only says that it failed. */
export function networkReason(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer in time';
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : reasonOf(cause);
}

/**
 * Makes a wrapper for calls to an engine. It turns errors of the class `Refusal`, answers that the adapter did not handle, into
 * an {@link EngineRefusedError}, and passes all other errors on.
 */
export const answeringWith =
  (logger: Logger, Refusal: abstract new (...args: never[]) => Error) =>
  async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      logger.warn({ err: error }, 'the engine refused a call');
      throw new EngineRefusedError(reasonOf(error), { cause: error });
    }
  };
