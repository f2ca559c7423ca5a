import type { Deliverer } from './delivery/deliverer.ts';
import type { JsonObject } from './json.ts';
import type { WorkspaceState } from './state.ts';
import type { Traffic } from './traffic.ts';

/** What has to be stored of a workspace to go on later. */
export interface KeptWorkspace {
  state: WorkspaceState;
  /** Events that the app has not acknowledged yet. */
  undelivered: { type: string; body: JsonObject }[];
}

/**
 * More ids than are made between two moments at which the state is stored: what was made after the last of them is lost in
 * a crash, but the app may know it, and must not meet its id again.
 */
const lostIds = 1_000_000;

/** The state of a workspace that goes on as `kept`; `fresh` supplies what an older one did not have. */
export function restoredState(fresh: WorkspaceState, kept: WorkspaceState): WorkspaceState {
  const state = { ...fresh, ...kept, app: fresh.app, sequence: kept.sequence + lostIds };
  for (const view of Object.values(state.views)) view.isSubmitting = false;
  return state;
}

/** Delivers what was not, as soon as the app is there. */
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
