import { inspect } from 'node:util';
import type { Hindrance } from '../../../src/bindings/held-back.ts';
import type { Outcome } from '../../../src/slack/live-chat-config/try-binding.ts';

/** Removes which start a policy names, because that depends on order if several are running. */
export const plain = (hindrance: Hindrance) =>
  hindrance.kind === 'policy' ? { ...hindrance, startId: hindrance.startId === null ? null : 'a start' } : hindrance;

/** Sorts values, to compare them regardless of order. */
export const sorted = (values: unknown[]) =>
  values.map((value) => inspect(value, { sorted: true, depth: 9, breakLength: Number.POSITIVE_INFINITY })).toSorted();

/** The outcome of a trial: the texts of the starts that a binding would have made, and the reasons that held it back. */
export const outcomes = (tried: Outcome[]) => ({
  started: sorted(tried.flatMap((one) => (one.kind === 'starts' ? [one.values.text ?? null] : []))),
  held: sorted(tried.flatMap((one) => (one.kind === 'held' ? [plain(one.hindrance)] : []))),
});
