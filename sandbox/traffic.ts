import { EventEmitter } from 'node:events';
import type { JsonObject } from './json.ts';

export type DeliveryKind = 'event' | 'interaction' | 'command' | 'options';

export interface Attempt {
  /** Milliseconds since 1970. */
  at: number;
  acknowledged: boolean;
  /** HTTP status; absent in Socket Mode and where there was no answer. */
  status?: number | undefined;
  latencyMs: number;
  /** What the app acknowledged with, parsed. */
  answer?: unknown;
  /** Why it failed, in Slack's words: `http_timeout`, `http_error`, `connection_failed`, `timeout`. */
  reason?: string | undefined;
}

export interface Delivery {
  id: string;
  kind: DeliveryKind;
  /** The event's type, the interaction's type, or the command. */
  type: string;
  body: JsonObject;
  attempts: Attempt[];
  state: 'held' | 'pending' | 'in_flight' | 'acknowledged' | 'given_up';
}

export interface Call {
  method: string;
  args: JsonObject;
  /** Absent while the call is being answered. */
  answer?: JsonObject | undefined;
  status?: number | undefined;
  at: number;
}

/** Waits for a condition: looked at on every change and, as a safety net, every 20 ms. */
export async function waitUntil<T>(
  changes: EventEmitter,
  condition: () => T | Promise<T>,
  options: { timeoutMs?: number; describe?: () => string } = {},
): Promise<T> {
  const timeoutMs = options.timeoutMs ?? 10_000;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
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
      const timer = setTimeout(done, Math.min(20, left));
      changes.once('change', done);
    });
  }
}

/** Everything that went over the wire, both ways. */
export class Traffic {
  /** Web API calls of the app, oldest first. */
  readonly calls: Call[] = [];
  /** Deliveries to the app, oldest first. */
  readonly deliveries: Delivery[] = [];
  /** Emits `change` whenever anything in the workspace or on the wire may have changed. */
  readonly onChange = new EventEmitter().setMaxListeners(0);

  changed(): void {
    this.onChange.emit('change');
  }

  /** The calls of one method, oldest first. */
  callsOf(method: string): Call[] {
    return this.calls.filter((call) => call.method === method);
  }

  /** The deliveries of one event or interaction type, or command, oldest first. */
  deliveriesOf(type: string): Delivery[] {
    return this.deliveries.filter((delivery) => delivery.type === type);
  }

  /** Waits until the condition holds (is truthy) and returns what it returned. Default patience: 10 s. */
  until<T>(condition: () => T | Promise<T>, options: { timeoutMs?: number } = {}): Promise<T> {
    return waitUntil(this.onChange, condition, options);
  }

  /** Resolves when no delivery is in flight or awaits redelivery, and no Web API call is being answered. */
  async settled(options: { timeoutMs?: number } = {}): Promise<void> {
    const open = () =>
      this.deliveries.filter((delivery) => delivery.state === 'pending' || delivery.state === 'in_flight');
    await waitUntil(this.onChange, () => open().length === 0 && this.calls.every((call) => call.answer), {
      ...options,
      describe: () =>
        `deliveries settled (open: ${open()
          .map((delivery) => `${delivery.type} ${delivery.state} after ${delivery.attempts.length} attempts`)
          .join(', ')})`,
    });
  }

  /** Forgets what went over the wire so far, for a test that looks at what follows. */
  clear(): void {
    this.calls.length = 0;
    this.deliveries.length = 0;
  }
}
