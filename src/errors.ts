import { getSystemErrorMap } from 'node:util';
import { type Message, message } from './words/message.ts';
import { english } from './words/words.ts';

/**
 * An error whose words are written for the person who caused it and may be shown to them in Slack, in their language:
 * `words(error.said)`. Its `message` is the same in English; a log line has the text's key alone.
 */
export class UserFacingError extends Error {
  override readonly name: string = 'UserFacingError';
  readonly said: Message;
  constructor(said: Message, options?: ErrorOptions) {
    super(english(said), options);
    this.said = said;
  }
}

/**
 * Something Kickoff depends on (database, engine, Slack) did not answer; trying again later may help. A string is what it
 * said itself, in whatever language it speaks.
 */
export class UnavailableError extends Error {
  override readonly name: string = 'UnavailableError';
  readonly said: Message;
  constructor(said: Message | string, options?: ErrorOptions) {
    const sayable = typeof said === 'string' ? message('asIs', { text: said }) : said;
    super(english(sayable), options);
    this.said = sayable;
  }
}

/** Slack takes no more calls of this kind for now. The work has not failed: it is put off, by `retryInMs` milliseconds. */
export class NotYetError extends UnavailableError {
  override readonly name: string = 'NotYetError';
  readonly retryInMs: number;
  constructor(said: Message, retryInMs: number) {
    super(said);
    this.retryInMs = retryInMs;
  }
}

/**
 * Slack refuses a call until somebody who manages the app gives it a scope. Has the `code` and `data` of the refusal, which
 * says no more than `missing_scope`.
 */
export class MissingScopeError extends Error {
  override readonly name = 'MissingScopeError';
  readonly code = 'slack_webapi_platform_error';
  readonly data = { error: 'missing_scope' };
  readonly said: Message;
  constructor(scope: string, options?: ErrorOptions) {
    const said = message('slack.missingScope', { scope });
    super(english(said), options);
    this.said = said;
  }
}

/** What to tell people of a scope that the app lacks, if that is why something failed. */
export function missingScopeOf(error: unknown): Message | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof MissingScopeError) return cause.said;
  }
  return undefined;
}

/**
 * Why something failed, for people to read. Only errors that are made to be read say it themselves: a database's, say,
 * quotes what people wrote.
 */
export function publicReason(error: unknown): Message {
  const isReadable = error instanceof UserFacingError || error instanceof UnavailableError;
  return missingScopeOf(error) ?? (isReadable ? error.said : message('reason.fault'));
}

/** What the system says of a failed call on it, in words alone: `no such file or directory`. */
export function systemReason(error: unknown): string {
  const known = error instanceof Error && 'errno' in error ? getSystemErrorMap().get(Number(error.errno)) : undefined;
  return known?.[1] ?? reasonOf(error);
}

/** The message of anything that was thrown, for people to read. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
