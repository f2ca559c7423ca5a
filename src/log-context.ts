import { AsyncLocalStorage } from 'node:async_hooks';
import { untraced } from './tracing.ts';

type Fields = Readonly<Record<string, unknown>>;

const storage = new AsyncLocalStorage<Fields>();
const none: Fields = {};

/** The fields that are added to every log line of the current work. */
export const loggedHere = (): Fields => storage.getStore() ?? none;

/** Runs work whose log lines get these fields, in addition to those of the surrounding work. */
export function logWith<Result>(fields: Fields, work: () => Result): Result {
  return storage.run({ ...storage.getStore(), ...fields }, work);
}

/** Runs work whose log lines do not get the fields of its caller, such as a queue's work that a delivery woke. */
export function logApart<Result>(fields: Fields, work: () => Result): Result {
  return storage.run(fields, () => untraced(work));
}
