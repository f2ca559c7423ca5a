import type { JsonObject } from './json.ts';

/** A refusal with one of Slack's error codes; `extra` is added to the answer. */
export class SlackError extends Error {
  readonly code: string;
  readonly extra: JsonObject;

  constructor(code: string, extra: JsonObject = {}) {
    super(code);
    this.name = 'SlackError';
    this.code = code;
    this.extra = extra;
  }
}

/** `invalid_arguments` with Slack's list of messages. */
export function invalidArguments(messages: string[]): SlackError {
  return new SlackError('invalid_arguments', { response_metadata: { messages } });
}
