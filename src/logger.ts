import { type DestinationStream, type Logger, pino } from 'pino';
import { loggedHere } from './log-context.ts';
import { loggedFields, loggedText } from './log-fields.ts';

export type { Logger } from 'pino';

/**
 * Logs JSON lines, by default to standard output. Lines are short and contain no token, secret, address or text of a person,
 * whatever the caller passes: see log-fields.ts.
 */
export function createLogger(level: string, destination: DestinationStream = pino.destination(1)): Logger {
  const logger = pino(
    {
      level,
      mixin: () => ({ ...loggedHere() }),
      formatters: { log: loggedFields },
      // Errors are sanitised by then, including those passed without a message.
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
  // pino does not pass a child's own fields through the hook.
  logger.child = function toldChild(this: Logger, bindings, options) {
    return child.call(this, loggedFields(bindings), options);
  } as typeof logger.child;
  return logger;
}
