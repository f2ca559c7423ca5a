import { type Signal, signal } from '@preact/signals';
import type {
  ChecklistStep,
  Fault,
  Push,
  Requests,
  TrafficDetails,
  TrafficEntry,
  WireState,
} from '../../page-server/protocol.ts';

type Ask = <Name extends 'watch_traffic' | 'traffic_details' | 'fault'>(
  name: Name,
  args: Requests[Name]['args'],
) => Promise<Requests[Name]['result']>;

/** Number of deliveries and calls that the page keeps. */
const kept = 1000;

/** The page's copy of deliveries, calls and faults, and of the checklist. */
export class Wire {
  readonly entries: Signal<TrafficEntry[]> = signal([]);
  readonly state = signal<WireState | undefined>(undefined);
  readonly checklist: Signal<ChecklistStep[]> = signal([]);
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  watch(on: boolean): Promise<null> {
    return this.#ask('watch_traffic', { on });
  }

  details(entry: string): Promise<TrafficDetails> {
    return this.#ask('traffic_details', { entry });
  }

  misbehave(fault: Fault): Promise<null> {
    return this.#ask('fault', fault);
  }

  forget(): void {
    this.entries.value = [];
  }

  receive(push: Push): void {
    if (push.push === 'wire') this.state.value = push;
    if (push.push === 'checklist') this.checklist.value = push.steps;
    if (push.push !== 'traffic') return;
    const changed = new Map(push.entries.map((entry) => [entry.id, entry]));
    const before = push.reset ? [] : this.entries.peek();
    const known = before.map((entry) => {
      const now = changed.get(entry.id);
      changed.delete(entry.id);
      return now ?? entry;
    });
    this.entries.value = [...known, ...changed.values()].slice(-kept);
  }
}
