import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../json.ts';
import type { Attempt, Delivery, DeliveryKind, Traffic } from '../traffic.ts';
import type { AttemptOutcome, Retry, Transport } from './transport.ts';

/** The result of a delivery, including its redeliveries. */
export interface DeliveryOutcome {
  acknowledged: boolean;
  attempts: Attempt[];
  answer?: unknown;
  /** Why the last attempt failed. */
  reason?: string | undefined;
}

interface DelivererOptions {
  traffic: Traffic;
  /** The current transport to the app. */
  transport: () => Transport;
  timings: { acknowledgeMs: number; retryDelaysMs: number[] };
  now: () => number;
}

/** Sends deliveries, repeats events that are not acknowledged, and holds events back on demand. */
export class Deliverer {
  readonly #options: DelivererOptions;
  readonly #held: { delivery: Delivery; through: (outcome: DeliveryOutcome) => void }[] = [];
  readonly #cancelWaits = new Set<() => void>();
  #holding = false;
  #redelivering = true;
  #withholding = false;

  constructor(options: DelivererOptions) {
    this.#options = options;
  }

  /** Delivers an event, with redeliveries like Slack's. A held event resolves once it was released and delivered. */
  async event(body: JsonObject, type: string): Promise<DeliveryOutcome> {
    const delivery = this.#record('event', body, type);
    if (this.#withholding) {
      this.#options.traffic.moved(delivery, 'given_up');
      return this.#outcome(delivery);
    }
    if (this.#holding) {
      this.#options.traffic.moved(delivery, 'held');
      return new Promise((through) => this.#held.push({ delivery, through }));
    }
    return this.#runWithRetries(delivery);
  }

  /** Delivers an interaction that a person waits for. It is never redelivered. */
  async interaction(kind: DeliveryKind, body: JsonObject, type: string): Promise<DeliveryOutcome> {
    const delivery = this.#record(kind, body, type);
    const outcome = await this.#attempt(delivery, undefined);
    this.#options.traffic.moved(delivery, outcome.acknowledged ? 'acknowledged' : 'given_up');
    return this.#outcome(delivery);
  }

  /** Repeats an earlier delivery, marked as a retry if it is an event. */
  async again(delivery: Delivery): Promise<DeliveryOutcome> {
    const retry = { num: delivery.attempts.length, reason: 'http_timeout' };
    const outcome = await this.#attempt(delivery, delivery.kind === 'event' ? retry : undefined);
    this.#options.traffic.moved(delivery, outcome.acknowledged ? 'acknowledged' : 'given_up');
    return this.#outcome(delivery);
  }

  /** Events that the app has not acknowledged and that were not given up, oldest first. */
  get undelivered(): { type: string; body: JsonObject }[] {
    const open = ['held', 'pending', 'in_flight'];
    return this.#options.traffic.deliveries
      .filter(({ kind, state }) => kind === 'event' && open.includes(state))
      .map(({ type, body }) => ({ type, body }));
  }

  /** How deliveries currently reach the app. */
  get mode(): 'socket' | 'http' {
    return this.#options.transport().mode;
  }

  hold(): void {
    this.#holding = true;
    this.#options.traffic.changed();
  }

  /** Whether events are held back, and how many. */
  get holding(): { isOn: boolean; held: number } {
    return { isOn: this.#holding, held: this.#held.length };
  }

  /** Delivers held events one after the other, in order or reversed, the whole sequence `times` times. */
  async release(options: { reverse?: boolean; times?: number } = {}): Promise<void> {
    this.#holding = false;
    const held = this.#held.splice(0);
    if (options.reverse) held.reverse();
    for (const { delivery, through } of held) through(await this.#runWithRetries(delivery));
    for (let round = 1; round < (options.times ?? 1); round += 1) {
      for (const { delivery } of held) await this.again(delivery);
    }
  }

  /** While on, events are lost, as in Slack when there are too many. */
  withhold(on: boolean): void {
    this.#withholding = on;
  }

  /** Gives up every event that waits for its redelivery, and makes no more redeliveries. */
  stopRedelivery(): void {
    this.#redelivering = false;
    for (const cancel of [...this.#cancelWaits]) cancel();
  }

  /** Undoes `stopRedelivery` for events to come. */
  resumeRedelivery(): void {
    this.#redelivering = true;
  }

  #record(kind: DeliveryKind, body: JsonObject, type: string): Delivery {
    // Copied: later changes in the workspace must not change what is delivered.
    const copy: JsonObject = JSON.parse(JSON.stringify(body));
    const at = this.#options.now();
    const delivery: Delivery = { id: randomUUID(), at, kind, type, body: copy, attempts: [], state: 'in_flight' };
    this.#options.traffic.added(delivery);
    this.#options.traffic.moved(delivery, 'in_flight');
    return delivery;
  }

  async #runWithRetries(delivery: Delivery): Promise<DeliveryOutcome> {
    const delays = this.#options.timings.retryDelaysMs;
    let retry: Retry | undefined;
    for (let num = 0; ; num += 1) {
      const outcome = await this.#attempt(delivery, retry);
      const delay = delays[num];
      const last = delay === undefined || outcome.noRetry === true || !this.#redelivering;
      this.#options.traffic.moved(delivery, outcome.acknowledged ? 'acknowledged' : last ? 'given_up' : 'pending');
      if (outcome.acknowledged || last) return this.#outcome(delivery);
      await this.#wait(delay);
      if (!this.#redelivering) {
        this.#options.traffic.moved(delivery, 'given_up');
        return this.#outcome(delivery);
      }
      retry = { num: num + 1, reason: outcome.reason ?? 'unknown_error' };
    }
  }

  async #attempt(delivery: Delivery, retry: Retry | undefined): Promise<AttemptOutcome> {
    const { timings, transport, now, traffic } = this.#options;
    traffic.moved(delivery, 'in_flight');
    const at = now();
    const outcome = await transport().send(delivery.kind, delivery.body, { retry, timeoutMs: timings.acknowledgeMs });
    const { acknowledged, status, answer, reason } = outcome;
    delivery.attempts.push({ at, acknowledged, status, answer, reason, latencyMs: now() - at });
    return outcome;
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#cancelWaits.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#cancelWaits.add(done);
    });
  }

  #outcome(delivery: Delivery): DeliveryOutcome {
    const last = delivery.attempts.at(-1);
    return {
      acknowledged: delivery.state === 'acknowledged',
      attempts: delivery.attempts,
      answer: last?.answer,
      reason: last?.acknowledged ? undefined : last?.reason,
    };
  }
}
