import type { Deliverer } from './delivery/deliverer.ts';
import type { Faults } from './faults.ts';
import type { AppManifest } from './manifest.ts';
import type { WorkspaceState } from './state.ts';
import type { Traffic } from './traffic.ts';

/** Slack's delays, in milliseconds; a test sets short ones, also while it runs. */
export interface Timings {
  /** How long a trigger id serves. Slack: 3 seconds. */
  triggerMs: number;
  /** How long Slack waits for an acknowledgement. Slack: 3 seconds. */
  acknowledgeMs: number;
  /** Waits before each redelivery of an event. Slack: at once, after 1 minute, after 5 minutes. */
  retryDelaysMs: number[];
  /** From the `warning` that a Socket Mode connection is to be renewed to its end. Slack: some 10 seconds. */
  renewalMs: number;
  /** How long a person looks for a field, a button or a modal before giving up. */
  patienceMs: number;
  /** How long it takes until an uploaded file is looked at. Slack: seconds, at times half a minute. */
  scanMs: number;
  /** How long a minute is in the limits of the Web API, in milliseconds: tests make it shorter. */
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
  /** The configuration token, with which `apps.manifest.*` is called. */
  config: string;
  signingSecret: string;
  /** The old verification token, which deliveries still carry. */
  verification: string;
}

/** Something that Slack refused the app, or that the app answered wrongly or too late. */
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

/** What every part of the sandbox works on: one object, clock included. */
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
  /** `chat.postMessage` at most this often per channel; 0 is no limit. Slack: about 1000. */
  postIntervalMs: number;
  /** Whether each method of the Web API takes no more calls a minute than its tier says. */
  hasRateLimits: boolean;
  /** Why the bot token is not taken any more; undefined: it is. */
  tokenRefusal: 'token_revoked' | 'account_inactive' | undefined;
  now(): number;
}

/** Notes a violation and wakes whoever waits for one. */
export function recordViolation(core: Core, violation: Omit<Violation, 'at'>): void {
  core.violations.push({ ...violation, at: core.now() });
  core.traffic.changed();
}

export function nowSeconds(core: Pick<Core, 'now'>): number {
  return Math.floor(core.now() / 1000);
}
