import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';

export type { Logger } from 'pino';

/** Logs JSON lines, to standard output by default. Tokens, secrets and message texts never get into one. */
export function createLogger(level: string, destination: DestinationStream = pino.destination(1)): Logger {
  const options: LoggerOptions = {
    level,
    serializers: { err: serializeError },
    redact: {
      paths: [
        'token',
        '*.token',
        'botToken',
        'appToken',
        'signingSecret',
        '*.headers.authorization',
        '*.text',
        '*.body',
      ],
      censor: '…',
    },
  };
  return pino(options, destination);
}

/** The longest reason worth a log line, in characters. */
const longestMessage = 300;

/**
 * An error with its causes, each with its type, message and code, and the stack of the innermost, where it went wrong.
 * Nothing else that an error carries gets into a log line: a database error holds its query's parameters, and those are
 * what people wrote.
 */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error).slice(0, longestMessage);
  const causes: Error[] = [];
  for (let cause: unknown = error; cause instanceof Error && causes.length < 5; cause = cause.cause) causes.push(cause);
  return {
    type: error.name,
    message: causes.map(messageOf).join(': '),
    ...('code' in error ? { code: error.code } : {}),
    stack: (causes.at(-1)?.stack ?? '').split('\n    at ').slice(1, 8).join(' < '),
  };
}

function messageOf(error: Error): string {
  return (error.message.split('\nparams:')[0] ?? '').slice(0, longestMessage);
}
