import type { JsonObject } from '../json.ts';
import type { DeliveryKind } from '../traffic.ts';

/** The number of a redelivery, and its reason. */
export interface Retry {
  num: number;
  reason: string;
}

export interface AttemptOutcome {
  acknowledged: boolean;
  status?: number | undefined;
  answer?: unknown;
  reason?: string | undefined;
  /** Whether the app asked for no redelivery (`x-slack-no-retry: 1`). */
  noRetry?: boolean | undefined;
}

/** A way to the app: Socket Mode or HTTP. */
export interface Transport {
  readonly mode: 'socket' | 'http';
  /** Makes one attempt. Resolves with its result, never rejects. */
  send(
    kind: DeliveryKind,
    body: JsonObject,
    options: { retry?: Retry | undefined; timeoutMs: number },
  ): Promise<AttemptOutcome>;
  close(): void;
}
