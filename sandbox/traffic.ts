import { EventEmitter } from 'node:events';
import type { JsonObject } from './json.ts';

export type DeliveryKind = 'event' | 'interaction' | 'command' | 'options';

export interface Attempt {
  /** Milliseconds since 1970. */
  at: number;
  acknowledged: boolean;
  /** HTTP status; absent in Socket Mode and without an answer. */
  status?: number | undefined;
  latencyMs: number;
  /** The app's acknowledgement, parsed. */
  answer?: unknown;
  /** Why it failed, as Slack reports it: `http_timeout`, `http_error`, `connection_failed`, `timeout`, `no_request_url`. */
  reason?: string | undefined;
}

export interface Delivery {
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  kind: DeliveryKind;
  /** The event's type, the interaction's type, or the command. */
  type: string;
  body: JsonObject;
  attempts: Attempt[];
  state: 'held' | 'pending' | 'in_flight' | 'acknowledged' | 'given_up';
}

export interface Call {
  id: string;
  method: string;
  args: JsonObject;
  /** Absent while the call is being answered. */
  answer?: JsonObject | undefined;
  status?: number | undefined;
  at: number;
  /** Time until the answer, in milliseconds. */
  latencyMs?: number | undefined;
}

/** Maximum pause between two checks of a condition, in milliseconds. */
const longestPauseMs = 100;

/**
 * Waits for a condition. Checks it on every change and, as a safety net, after growing pauses: a check may query a database,
 * and a condition that does not hold soon usually takes a while.
 */
export async function waitUntil<T>(
  changes: EventEmitter,
  condition: () => T | Promise<T>,
  options: { timeoutMs?: number; describe?: () => string } = {},
): Promise<T> {
  const timeoutMs = options.timeoutMs ?? 10_000;
  const deadline = Date.now() + timeoutMs;
  for (let pauseMs = 20; ; pauseMs = Math.min(1.5 * pauseMs, longestPauseMs)) {
    const result = await condition();
    if (result) return result;
    const left = deadline - Date.now();
    if (left <= 0) {
      throw new Error(`Not so after ${timeoutMs} ms: ${options.describe?.() ?? condition.toString()}`);
    }
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        changes.off('change', done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(pauseMs, left));
      changes.once('change', done);
    });
  }
}

/** The recorded traffic in both directions. */
export class Traffic {
  /** Web API calls of the app, oldest first. */
  readonly calls: Call[] = [];
  /** Deliveries to the app, oldest first. */
  readonly deliveries: Delivery[] = [];
  /**
   * Emits `change` whenever anything in the workspace or on the wire may have changed; `delivery` and `call` with each entry
   * that is new or has changed.
   */
  readonly onChange = new EventEmitter<{ change: []; delivery: [Delivery]; call: [Call] }>().setMaxListeners(0);

  readonly #keep: number;
  readonly #open = new Set<Delivery>();
  readonly #openCalls = new Set<Call>();

  /** `keep`: number of deliveries, and of calls, that are remembered. */
  constructor(keep = Number.POSITIVE_INFINITY) {
    this.#keep = keep;
  }

  changed(): void {
    this.onChange.emit('change');
  }

  /** Records a delivery that is about to be made. */
  added(delivery: Delivery): void {
    this.deliveries.push(delivery);
    if (this.deliveries.length > this.#keep) this.deliveries.shift();
  }

  /** Records the new state of a delivery. */
  moved(delivery: Delivery, state: Delivery['state']): void {
    delivery.state = state;
    if (state === 'pending' || state === 'in_flight') this.#open.add(delivery);
    else this.#open.delete(delivery);
    this.onChange.emit('delivery', delivery);
    this.changed();
  }

  /** Records an incoming Web API call. */
  called(call: Call): void {
    this.calls.push(call);
    if (this.calls.length > this.#keep) this.calls.shift();
    this.#openCalls.add(call);
    this.onChange.emit('call', call);
  }

  /** Records the answer to a Web API call. */
  answered(call: Call, answer: JsonObject, status: number, latencyMs: number): void {
    Object.assign(call, { answer, status, latencyMs });
    this.#openCalls.delete(call);
    this.onChange.emit('call', call);
    this.changed();
  }

  /** The calls of one method, oldest first. */
  callsOf(method: string): Call[] {
    return this.calls.filter((call) => call.method === method);
  }

  /** The deliveries of one event or interaction type, or command, oldest first. */
  deliveriesOf(type: string): Delivery[] {
    return this.deliveries.filter((delivery) => delivery.type === type);
  }

  /** Waits until the condition is truthy and returns its result. Default timeout: 10 s. */
  until<T>(condition: () => T | Promise<T>, options: Parameters<typeof waitUntil>[2] = {}): Promise<T> {
    return waitUntil(this.onChange, condition, options);
  }

  /** Resolves when no delivery is in flight or awaits redelivery, and no Web API call is being answered. */
  async settled(options: { timeoutMs?: number } = {}): Promise<void> {
    await waitUntil(this.onChange, () => this.#open.size === 0 && this.#openCalls.size === 0, {
      ...options,
      describe: () =>
        `deliveries settled (open: ${[...this.#open]
          .map((delivery) => `${delivery.type} ${delivery.state} after ${delivery.attempts.length} attempts`)
          .join(', ')})`,
    });
  }

  /** Forgets the traffic so far, for a test of what follows. */
  clear(): void {
    this.calls.length = 0;
    this.deliveries.length = 0;
  }
}
