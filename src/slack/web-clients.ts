import { WebClient } from '@slack/web-api';
import type { SlackConfig } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Timings } from '../timings.ts';
import { boltLogger } from './bolt-logger.ts';
import type { CallPace } from './calls/call-pace.ts';
import { SlackClient } from './calls/slack-client.ts';
import { slackFetch } from './calls/slack-fetch.ts';
import { createTokenWatch, type TokenWatch } from './calls/token-watch.ts';

export interface WebClients {
  client: WebClient;
  backgroundClient: WebClient;
  bulkClient: WebClient;
  directoryClient: WebClient;
  token: TokenWatch;
}

/** How long a call that a person waits for may be delayed, in milliseconds: a trigger id lives 3 seconds. */
const personPatienceMs = 1500;

/**
 * A client for each kind of work. They share one pace, so that a 429 delays only its method or channel, and none calls Slack
 * while it refuses the token.
 */
export function createWebClients(
  config: SlackConfig,
  logger: Logger,
  pace: CallPace,
  metrics: Metrics,
  timings: Pick<Timings, 'calls' | 'token'>,
): WebClients {
  const { botToken } = config;
  const { viewPatienceMs, questionPatienceMs, queuePatienceMs, urgentRequestMs, requestMs } = timings.calls;
  const shared = { slackApiUrl: config.apiUrl, fetch: slackFetch, logger: boltLogger(logger) };
  // Queued work is retried anyway: a call that is retried for minutes would hold up the work behind it.
  const patient = { ...shared, retryConfig: { retries: 3, factor: 2, minTimeout: 500 }, timeout: requestMs };
  const asking = new WebClient(botToken, { ...shared, retryConfig: { retries: 0 }, timeout: requestMs });
  const token = createTokenWatch({ ask: () => asking.auth.test(), timings: timings.token, logger });
  const told = new Set<string>();
  const onMissingScope = (method: string, scope: string) => {
    const what = `${method} ${scope}`;
    if (!told.has(what)) logger.error({ method, scope }, 'the app lacks a scope: add it and install the app again');
    told.add(what);
  };
  return {
    token,
    client: new SlackClient(botToken, {
      pace,
      metrics,
      token,
      onMissingScope,
      rank: 'urgent',
      patienceMs: (method) => (method === 'views.update' ? viewPatienceMs : personPatienceMs),
      web: { ...shared, retryConfig: { retries: 1, minTimeout: 100, maxTimeout: 300 }, timeout: urgentRequestMs },
    }),
    backgroundClient: new SlackClient(botToken, {
      pace,
      metrics,
      token,
      onMissingScope,
      rank: 'ordinary',
      patienceMs: () => queuePatienceMs,
      web: patient,
    }),
    bulkClient: new SlackClient(botToken, {
      pace,
      metrics,
      token,
      onMissingScope,
      rank: 'bulk',
      patienceMs: () => Number.POSITIVE_INFINITY,
      web: patient,
    }),
    directoryClient: new SlackClient(botToken, {
      pace,
      metrics,
      token,
      onMissingScope,
      rank: 'ordinary',
      // Direct messages are opened for queued messages.
      patienceMs: (method) => (method === 'conversations.open' ? queuePatienceMs : questionPatienceMs),
      web: patient,
    }),
  };
}
