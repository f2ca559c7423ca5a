import { reasonOf } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { EngineRefusedError, EngineUnavailableError } from '../engine.ts';

/** The engine is away, or did not say what came of a call. */
export class NoAnswerError extends EngineUnavailableError {
  /** Whether the call may have taken effect, or may still. */
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

/** Causes of a failed call that say that it never reached anybody. */
const unsent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

/** Whether a call that failed never reached anybody. */
export function isUnsent(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && unsent.has(String(cause.code))) return true;
    if (cause instanceof AggregateError && cause.errors.length > 0 && cause.errors.every(isUnsent)) return true;
  }
  return false;
}

/** fetch says no more than that it failed; its cause says why, where there is one. */
export function networkReason(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer in time';
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : reasonOf(cause);
}

/**
 * Makes a function that does an engine's work. It turns an error of the kind `Refusal`, an answer that the adapter has made
 * nothing of, into an {@link EngineRefusedError}, and lets every other error through.
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
