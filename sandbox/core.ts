import type { Deliverer } from './delivery/deliverer.ts';
import type { Faults } from './faults.ts';
import type { AppManifest } from './manifest.ts';
import type { WorkspaceState } from './state.ts';
import type { Traffic } from './traffic.ts';

/** Slack's delays, in milliseconds. A test may set shorter ones, also while the sandbox runs. */
export interface Timings {
  /** How long a trigger id is valid. Slack: 3 seconds. */
  triggerMs: number;
  /** How long Slack waits for an acknowledgement. Slack: 3 seconds. */
  acknowledgeMs: number;
  /** Waits before each redelivery of an event. Slack: at once, after 1 minute, after 5 minutes. */
  retryDelaysMs: number[];
  /** From the `warning` that a Socket Mode connection will be renewed to its end. Slack: about 10 seconds. */
  renewalMs: number;
  /** How long a person looks for a field, a button or a modal before giving up. */
  patienceMs: number;
  /** How long after its upload a file is scanned. Slack: seconds, sometimes half a minute. */
  scanMs: number;
  /** The length of a minute in the limits of the Web API, in milliseconds: tests shorten it. */
  minuteMs: number;
}

export const slackTimings: Timings = {
  triggerMs: 3000,
  acknowledgeMs: 3000,
  retryDelaysMs: [0, 60_000, 300_000],
  renewalMs: 10_000,
  patienceMs: 3000,
  scanMs: 0,
  minuteMs: 60_000,
};

export interface Tokens {
  bot: string;
  app: string;
  /** The configuration token for calls of `apps.manifest.*`. */
  config: string;
  signingSecret: string;
  /** The old verification token, which is still part of deliveries. */
  verification: string;
}

/** A request of the app that Slack refused, or an answer of the app that was wrong or too late. */
export interface Violation {
  /** `web_api`: a refused call; `answer`: a wrong answer to an interaction; `timeout`: none within 3 seconds. */
  kind: 'web_api' | 'answer' | 'timeout';
  /** The Web API method, or what was delivered, such as `view_submission`. */
  subject: string;
  error: string;
  messages: string[];
  /** Milliseconds since 1970. */
  at: number;
}

/** The dependencies of every part of the sandbox in one object, clock included. */
export interface Core {
  readonly state: WorkspaceState;
  readonly manifest: AppManifest;
  readonly tokens: Tokens;
  readonly timings: Timings;
  readonly traffic: Traffic;
  readonly faults: Faults;
  readonly deliverer: Deliverer;
  readonly violations: Violation[];
  /** Public base URL, without a slash at the end. */
  url: string;
  /** Minimum interval between two `chat.postMessage` to a channel; 0 is no limit. Slack: about 1000. */
  postIntervalMs: number;
  /** Whether the rate limits of the Web API apply, by each method's tier. */
  hasRateLimits: boolean;
  /** Error that the bot token is refused with; undefined while it is valid. */
  tokenRefusal: 'token_revoked' | 'account_inactive' | undefined;
  now(): number;
}

/** Records a violation and wakes those who wait for one. */
export function recordViolation(core: Core, violation: Omit<Violation, 'at'>): void {
  core.violations.push({ ...violation, at: core.now() });
  core.traffic.changed();
}

export function nowSeconds(core: Pick<Core, 'now'>): number {
  return Math.floor(core.now() / 1000);
}
