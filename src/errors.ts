import { getSystemErrorMap } from 'node:util';
import { type Message, message } from './words/message.ts';
import { english } from './words/words.ts';

/**
 * An error whose text is for the person who caused it and may be shown to them in Slack, in their language:
 * `words(error.said)`. Its `message` is the English text; log lines only contain the text's key.
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
 * A dependency of Kickoff (database, engine, Slack) did not answer; trying again later may help. A string is the dependency's
 * own message, in its own language.
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

/** Slack takes no more calls of this kind for now. The work has not failed, but is postponed by `retryInMs` milliseconds. */
export class NotYetError extends UnavailableError {
  override readonly name: string = 'NotYetError';
  readonly retryInMs: number;
  constructor(said: Message, retryInMs: number) {
    super(said);
    this.retryInMs = retryInMs;
  }
}

/**
 * Slack refuses a call until somebody who manages the app adds a scope. Has the `code` and `data` of the refusal, which only
 * says `missing_scope`.
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

/** The message for people about a scope that the app lacks, if that caused the error. */
export function missingScopeOf(error: unknown): Message | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof MissingScopeError) return cause.said;
  }
  return undefined;
}

/**
 * The reason of an error for people. Only errors that are made for people are shown; others could quote what people wrote, such
 * as a database's.
 */
export function publicReason(error: unknown): Message {
  const isReadable = error instanceof UserFacingError || error instanceof UnavailableError;
  return missingScopeOf(error) ?? (isReadable ? error.said : message('reason.fault'));
}

/** The operating system's reason for a failed call: `no such file or directory`. */
export function systemReason(error: unknown): string {
  const known = error instanceof Error && 'errno' in error ? getSystemErrorMap().get(Number(error.errno)) : undefined;
  return known?.[1] ?? reasonOf(error);
}

/** The message of anything that was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
