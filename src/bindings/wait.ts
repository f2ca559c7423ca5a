import type { BindingEvent, TimedEvent } from './binding-kinds.ts';

/** Limits of a waiting time, in minutes: 5 minutes to 30 days. */
export const shortestWait = 5;
export const longestWait = 30 * 24 * 60;

/** Waiting times of new bindings, in minutes. */
const presets: Partial<Record<BindingEvent, number>> = {
  client_waiting: 15,
  client_silent: 24 * 60,
} satisfies Record<TimedEvent, number>;

/** The waiting time of a new binding in minutes; null if the event does not depend on time. */
export const presetWait = (event: BindingEvent): number | null => presets[event] ?? null;
