import { evaluate } from 'feelin';

/** A function that expressions can call. feelin learns its parameters' names, for invocations by name, from `$args`. */
export type Builtin = ((...values: unknown[]) => unknown) & { $args: string[] };

/** Built-ins by the name that expressions call them by. */
export type Builtins = Readonly<Record<string, Builtin>>;

export const builtin = (names: string[], body: (...values: unknown[]) => unknown): Builtin =>
  Object.assign(body, { $args: names });

/** What feelin's own functions answer to arguments that they can do nothing with; it makes null and a warning of it. */
const Signal = signalOf(evaluate('date', {}, 'camunda').value) as new (warning: string, message: string) => object;

function signalOf(date: unknown): unknown {
  const signal: unknown = typeof date === 'function' ? date('no date') : undefined;
  if (typeof signal !== 'object' || signal === null) throw new Error('feelin signals a wrong argument in another way');
  return signal.constructor;
}

/** For a built-in to return. */
export const invalidArguments = (message: string): object => new Signal('INVALID_ARGUMENTS', message);
