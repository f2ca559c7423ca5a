import type { Deliverer, DeliveryOutcome } from './delivery/deliverer.ts';
import type { JsonObject } from './json.ts';
import type { Delivery } from './traffic.ts';

/** How an answer is lost: the app gets HTTP status 503, half an answer, or a proxy's page with status 200. */
export type LostAnswer = 'status' | 'cut' | 'page';

/** A planned fault that answers a Web API call in place of the method, or in place of its answer. */
export type PlannedAnswer =
  | { kind: 'rate_limit'; retryAfterSeconds: number }
  | { kind: 'status'; status: number }
  | { kind: 'error'; error: string }
  /** The call is carried out, but its answer does not reach the app. */
  | { kind: 'lost'; as: LostAnswer };

type Planned = { method: string; left: number } & (PlannedAnswer | { kind: 'delay' | 'delay_answer'; ms: number });

interface FaultsOptions {
  deliverer: Deliverer;
  dropConnections: () => void;
  refuseConnections: (on: boolean) => void;
  requestReconnect: () => void;
  completeEvent: (body: JsonObject) => JsonObject;
  completeInteraction: (body: JsonObject) => JsonObject;
}

/** Faults on demand: in the Web API, in the connection, in the deliveries. */
export class Faults {
  readonly #options: FaultsOptions;
  #plan: Planned[] = [];
  #isRefusing = false;

  constructor(options: FaultsOptions) {
    this.#options = options;
  }

  /** The next calls of a method (or of all, `'*'`) are answered 429 with `Retry-After`. */
  rateLimit(method: string, options: { retryAfterSeconds?: number; times?: number } = {}): void {
    const retryAfterSeconds = options.retryAfterSeconds ?? 1;
    this.#plan.push({ kind: 'rate_limit', method, retryAfterSeconds, left: options.times ?? 1 });
  }

  /** The next calls are answered with an HTTP status, 500 by default. */
  fail(method: string, options: { status?: number; times?: number } = {}): void {
    this.#plan.push({ kind: 'status', method, status: options.status ?? 500, left: options.times ?? 1 });
  }

  /** The next calls are carried out, but their answers are lost on the way. */
  loseAnswer(method: string, as: LostAnswer, times = 1): void {
    this.#plan.push({ kind: 'lost', method, as, left: times });
  }

  /** The next calls are refused with one of Slack's error codes. */
  error(method: string, error: string, times = 1): void {
    this.#plan.push({ kind: 'error', method, error, left: times });
  }

  /** The next calls are carried out only after a delay. */
  delay(method: string, ms: number, times = 1): void {
    this.#plan.push({ kind: 'delay', method, ms, left: times });
  }

  /** The next calls are carried out at once, but answered only after a delay. */
  delayAnswer(method: string, ms: number, times = 1): void {
    this.#plan.push({ kind: 'delay_answer', method, ms, left: times });
  }

  /** Removes all faults planned for the Web API. */
  clear(): void {
    this.#plan = [];
  }

  /** Cuts every Socket Mode connection without a close frame. */
  dropConnections(): void {
    this.#options.dropConnections();
  }

  /** While on, new Socket Mode connections are refused. */
  refuseConnections(on: boolean): void {
    this.#isRefusing = on;
    this.#options.refuseConnections(on);
  }

  /** Whether new Socket Mode connections are refused. */
  get isRefusing(): boolean {
    return this.#isRefusing;
  }

  /** Announces the end of every Socket Mode connection and ends it after `renewalMs`, as Slack does every few hours. */
  requestReconnect(): void {
    this.#options.requestReconnect();
  }

  /** From now on events are queued instead of delivered. */
  holdDeliveries(): void {
    this.#options.deliverer.hold();
  }

  /** Delivers the queue, one event after the other, optionally reversed or several times. */
  releaseDeliveries(options: { reverse?: boolean; times?: number } = {}): Promise<void> {
    return this.#options.deliverer.release(options);
  }

  /** From now on events are lost: Slack delivers no more than 30,000 an hour. */
  withholdEvents(): void {
    this.#options.deliverer.withhold(true);
  }

  /** Delivers events again. */
  resumeEvents(): void {
    this.#options.deliverer.withhold(false);
  }

  /** Sends `app_rate_limited`, as Slack does for every minute in which it withheld events. `at`: milliseconds since 1970. */
  tellOfWithheldEvents(at: number): Promise<DeliveryOutcome> {
    const { token, team_id, api_app_id } = this.#options.completeEvent({});
    const minute_rate_limited = Math.floor(at / 60_000) * 60;
    const type = 'app_rate_limited';
    return this.#options.deliverer.event({ token, type, team_id, minute_rate_limited, api_app_id }, type);
  }

  /** Repeats an earlier delivery unchanged. */
  redeliver(delivery: Delivery): Promise<DeliveryOutcome> {
    return this.#options.deliverer.again(delivery);
  }

  /** Delivers an Events API body as given; what is absent or blank in its envelope is filled in. */
  deliver(body: JsonObject): Promise<DeliveryOutcome> {
    const complete = this.#options.completeEvent(body);
    const event = complete.event;
    const type = typeof event === 'object' && event !== null && 'type' in event ? String(event.type) : 'unknown';
    return this.#options.deliverer.event(complete, type);
  }

  /** Delivers an interaction (or slash command) as given, signed; token and team are filled in if absent. */
  deliverInteraction(body: JsonObject): Promise<DeliveryOutcome> {
    const complete = this.#options.completeInteraction(body);
    const type = String(complete.type ?? complete.command);
    const kind = 'command' in complete ? 'command' : type === 'block_suggestion' ? 'options' : 'interaction';
    return this.#options.deliverer.interaction(kind, complete, type);
  }

  /** Makes no more redeliveries, and gives up the events that wait for one. */
  stopRedelivery(): void {
    this.#options.deliverer.stopRedelivery();
  }

  /** Redelivers events again, like Slack. */
  resumeRedelivery(): void {
    this.#options.deliverer.resumeRedelivery();
  }

  /** The remaining faults planned for the Web API. */
  get planned(): { method: string; answer: string; left: number }[] {
    return this.#plan
      .filter((fault) => fault.left > 0)
      .map((fault) => {
        const { method, left, kind } = fault;
        if (kind === 'rate_limit') return { method, left, answer: '429' };
        if (kind === 'status') return { method, left, answer: String(fault.status) };
        if (kind === 'lost') return { method, left, answer: `lost (${fault.as})` };
        return { method, left, answer: kind === 'error' ? fault.error : `after ${fault.ms} ms` };
      });
  }

  /** Whether events are held back, and how many. */
  get holding(): { isOn: boolean; held: number } {
    return this.#options.deliverer.holding;
  }

  /** Returns the faults planned for this call and counts them as used. */
  take(method: string): { delayMs: number; answerDelayMs: number; answer?: PlannedAnswer | undefined } {
    const concerns = (fault: Planned) => fault.left > 0 && (fault.method === '*' || fault.method === method);
    const takeDelay = (kind: 'delay' | 'delay_answer') => {
      const delayed = this.#plan.find((fault) => fault.kind === kind && concerns(fault));
      if (!delayed || !('ms' in delayed)) return 0;
      delayed.left -= 1;
      return delayed.ms;
    };
    const delays = { delayMs: takeDelay('delay'), answerDelayMs: takeDelay('delay_answer') };
    const fault = this.#plan.find((candidate) => !('ms' in candidate) && concerns(candidate));
    if (!fault || 'ms' in fault) return delays;
    fault.left -= 1;
    return { ...delays, answer: fault };
  }
}
