import { NotYetError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { Timings } from '../../timings.ts';
import { message } from '../../words/message.ts';
import { platformError } from '../platform-error.ts';

/** Slack's errors that mean the token itself is wrong. */
export const tokenErrors: ReadonlySet<string> = new Set([
  'account_inactive',
  'invalid_auth',
  'not_authed',
  'token_expired',
  'token_revoked',
]);

/** Watches whether Slack accepts the bot token. While it does not, no calls are made except a periodic check. */
export interface TokenWatch {
  /** Slack's reason for refusing the token; undefined while it is accepted as far as known. */
  readonly refusal: string | undefined;
  /** Throws {@link NotYetError} while Slack refuses the token. */
  requireToken(): void;
  /** Checks whether the error of a failed call is about the token. */
  note(error: unknown): void;
  /** Checks the token at once, after Slack reported an uninstallation or revoked tokens. */
  check(): Promise<void>;
  stop(): void;
}

export interface TokenWatchOptions {
  /** Makes a call that any token is allowed to make. */
  ask(): Promise<unknown>;
  logger: Logger;
  timings: Timings['token'];
}

export function createTokenWatch({ ask, logger, timings }: TokenWatchOptions): TokenWatch {
  let refusal: string | undefined;
  let pauseMs = timings.firstPauseMs;
  let nextAt = 0;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  function checkLater(): void {
    clearTimeout(timer);
    if (isStopped) return;
    nextAt = performance.now() + pauseMs;
    timer = setTimeout(check, pauseMs);
    timer.unref();
    pauseMs = Math.min(2 * pauseMs, timings.longestPauseMs);
  }

  function refuse(reason: string): void {
    if (refusal === undefined) logger.error({ reason }, 'Slack rejects the bot token');
    refusal = reason;
  }

  async function check(): Promise<void> {
    try {
      await ask();
    } catch (error) {
      const reason = platformError(error);
      if (reason !== undefined && tokenErrors.has(reason)) refuse(reason);
      // Any other failure says nothing about the token.
      return checkLater();
    }
    clearTimeout(timer);
    if (refusal !== undefined) logger.info('Slack accepts the bot token again');
    refusal = undefined;
    pauseMs = timings.firstPauseMs;
  }

  return {
    get refusal() {
      return refusal;
    },
    requireToken() {
      if (refusal === undefined) return;
      throw new NotYetError(message('slack.away', { error: refusal }), Math.max(0, nextAt - performance.now()) + 1000);
    },
    note(error) {
      const reason = platformError(error);
      if (reason === undefined || !tokenErrors.has(reason) || refusal !== undefined) return;
      refuse(reason);
      checkLater();
    },
    check,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
