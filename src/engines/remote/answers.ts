import { reasonOf } from '../../errors.ts';
import { EngineUnavailableError } from '../engine.ts';

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

/** fetch says no more than that it failed; its cause says why. */
export function networkReason(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer in time';
  const { cause } = error instanceof Error ? error : { cause: undefined };
  return cause instanceof Error && 'code' in cause ? String(cause.code) : reasonOf(cause ?? error);
}
