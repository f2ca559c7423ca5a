import { type DestinationStream, type Logger, pino } from 'pino';
import { loggedHere } from './log-context.ts';
import { loggedFields, loggedText } from './log-fields.ts';

export type { Logger } from 'pino';

/**
 * Logs JSON lines, to standard output by default. Whatever a call hands over, a line is short and holds no token, secret,
 * address or text of anybody's: see log-fields.ts.
 */
export function createLogger(level: string, destination: DestinationStream = pino.destination(1)): Logger {
  const logger = pino(
    {
      level,
      mixin: () => ({ ...loggedHere() }),
      formatters: { log: loggedFields },
      // Errors are told by then, also those that a call hands over without a message of its own.
      serializers: { msg: loggedText, err: (told: unknown) => told },
      hooks: {
        logMethod(args, method) {
          const [first, ...rest] = args as unknown[];
          const told = first instanceof Error ? [{ err: first }, ...(rest.length > 0 ? rest : ['a failure'])] : args;
          method.apply(this, told as Parameters<typeof method>);
        },
      },
    },
    destination,
  );
  const { child } = logger;
  // pino takes what a child always tells as it is.
  logger.child = function toldChild(this: Logger, bindings, options) {
    return child.call(this, loggedFields(bindings), options);
  } as typeof logger.child;
  return logger;
}
