import { inspect } from 'node:util';
import type { Hindrance } from '../../../src/bindings/held-back.ts';
import type { Outcome } from '../../../src/slack/live-chat-config/try-binding.ts';

/** Which start a policy names is a matter of order where several run. */
export const plain = (hindrance: Hindrance) =>
  hindrance.kind === 'policy' ? { ...hindrance, startId: hindrance.startId === null ? null : 'a start' } : hindrance;

/** To be compared whatever their order. */
export const sorted = (values: unknown[]) =>
  values.map((value) => inspect(value, { sorted: true, depth: 9, breakLength: Number.POSITIVE_INFINITY })).toSorted();

/** What a binding would have done: the texts that it would have started with, and what would have held it back. */
export const outcomes = (tried: Outcome[]) => ({
  started: sorted(tried.flatMap((one) => (one.kind === 'starts' ? [one.values.text ?? null] : []))),
  held: sorted(tried.flatMap((one) => (one.kind === 'held' ? [plain(one.hindrance)] : []))),
});
