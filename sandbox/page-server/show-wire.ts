import type { Core } from '../core.ts';
import type { WireState } from './protocol.ts';

/** How the app gets its deliveries, and the active faults. */
export function showWire({ faults, deliverer }: Core, connections: number): WireState {
  return {
    mode: deliverer.mode,
    connections,
    isRefusing: faults.isRefusing,
    isHolding: faults.holding.isOn,
    held: faults.holding.held,
    planned: faults.planned,
  };
}
