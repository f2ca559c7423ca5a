import { AsyncLocalStorage } from 'node:async_hooks';
import { untraced } from './tracing.ts';

type Fields = Readonly<Record<string, unknown>>;

const storage = new AsyncLocalStorage<Fields>();
const none: Fields = {};

/** The fields of every log line that is written in the course of the work under way. */
export const loggedHere = (): Fields => storage.getStore() ?? none;

/** Does work of which every log line has these fields, beside those of the work that it is a part of. */
export function logWith<Result>(fields: Fields, work: () => Result): Result {
  return storage.run({ ...storage.getStore(), ...fields }, work);
}

/** Does work that is no part of whatever happened to begin it, such as a queue's that a delivery woke. */
export function logApart<Result>(fields: Fields, work: () => Result): Result {
  return storage.run(fields, () => untraced(work));
}
