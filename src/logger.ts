import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Logs JSON lines to standard output. Tokens, secrets and message texts never get into one. */
export function createLogger(level: string): Logger {
  return pino({
    level,
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
  });
}
