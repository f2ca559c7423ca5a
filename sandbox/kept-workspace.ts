import type { Deliverer } from './delivery/deliverer.ts';
import type { JsonObject } from './json.ts';
import type { WorkspaceState } from './state.ts';
import type { Traffic } from './traffic.ts';

/** The data of a workspace that must be stored to continue it later. */
export interface KeptWorkspace {
  state: WorkspaceState;
  /** Events that the app has not acknowledged yet. */
  undelivered: { type: string; body: JsonObject }[];
}

/**
 * More ids than are made between two writes of the state. A crash loses the ids made since the last write, but the app may know
 * them, so they must not be used again.
 */
const lostIds = 1_000_000;

/** Restores the state of a stored workspace; `fresh` supplies what an older version did not store. */
export function restoredState(fresh: WorkspaceState, kept: WorkspaceState): WorkspaceState {
  const state = { ...fresh, ...kept, app: fresh.app, sequence: kept.sequence + lostIds };
  for (const view of Object.values(state.views)) view.isSubmitting = false;
  return state;
}

/** Delivers the undelivered events as soon as the app is connected. */
export function deliverOnceConnected(
  traffic: Traffic,
  isConnected: () => boolean,
  deliverer: Deliverer,
  events: KeptWorkspace['undelivered'],
): void {
  const deliver = () => {
    if (!isConnected()) return;
    traffic.onChange.off('change', deliver);
    for (const { type, body } of events) void deliverer.event(body, type);
  };
  if (events.length > 0) traffic.onChange.on('change', deliver);
}
