import type { JsonObject } from '../json.ts';
import type { DeliveryKind } from '../traffic.ts';

/** Which redelivery this is, and why there is one. */
export interface Retry {
  num: number;
  reason: string;
}

export interface AttemptOutcome {
  acknowledged: boolean;
  status?: number | undefined;
  answer?: unknown;
  reason?: string | undefined;
  /** The app asked not to be retried (`x-slack-no-retry: 1`). */
  noRetry?: boolean | undefined;
}

/** A way to the app: Socket Mode or HTTP. */
export interface Transport {
  readonly mode: 'socket' | 'http';
  /** One attempt. Resolves with what came of it, never rejects. */
  send(
    kind: DeliveryKind,
    body: JsonObject,
    options: { retry?: Retry | undefined; timeoutMs: number },
  ): Promise<AttemptOutcome>;
  close(): void;
}
