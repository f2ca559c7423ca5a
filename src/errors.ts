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
 * Why something failed, for people to read. Only errors that are made to be read say it themselves: a database's, say,
 * quotes what people wrote.
 */
export function publicReason(error: unknown): Message {
  const isReadable = error instanceof UserFacingError || error instanceof UnavailableError;
  return isReadable ? error.said : message('reason.fault');
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
