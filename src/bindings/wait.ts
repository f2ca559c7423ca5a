import type { BindingEvent, TimedEvent } from './binding-kinds.ts';

/** How long somebody can wait for an answer before something happens, in minutes: to 30 days. */
export const shortestWait = 5;
export const longestWait = 30 * 24 * 60;

/** The times that new bindings begin with, in minutes. */
const presets: Partial<Record<BindingEvent, number>> = {
  client_waiting: 15,
  client_silent: 24 * 60,
} satisfies Record<TimedEvent, number>;

/** Null: the event does not wait for a time. */
export const presetWait = (event: BindingEvent): number | null => presets[event] ?? null;
