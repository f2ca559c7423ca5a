import { type WebAPICallResult, WebClient } from '@slack/web-api';
import type { SlackConfig } from '../config.ts';
import type { Logger } from '../logger.ts';
import { storable } from '../storable.ts';
import { boltLogger } from './bolt-logger.ts';

export interface WebClients {
  client: WebClient;
  backgroundClient: WebClient;
  directoryClient: WebClient;
}

/** A client whose answers hold no text that cannot be stored. */
class StorableClient extends WebClient {
  override async apiCall(method: string, options?: Record<string, unknown>): Promise<WebAPICallResult> {
    return storable(await super.apiCall(method, options));
  }
}

/**
 * Three clients, because a 429 pauses a client's whole queue: neither a person nor a question about a delivery must wait
 * behind work in the background.
 */
export function createWebClients(config: SlackConfig, logger: Logger): WebClients {
  const shared = { slackApiUrl: config.apiUrl, logger: boltLogger(logger) };
  const patient = {
    ...shared,
    // Whoever asks in the background asks again by itself: a call that waits for minutes would hold up what shares it.
    retryConfig: { retries: 3, factor: 2, minTimeout: 500 },
    timeout: 10_000,
  };
  return {
    client: new StorableClient(config.botToken, {
      ...shared,
      rejectRateLimitedCalls: true,
      retryConfig: { retries: 1, minTimeout: 100, maxTimeout: 300 },
      timeout: 5000,
    }),
    backgroundClient: new StorableClient(config.botToken, patient),
    directoryClient: new StorableClient(config.botToken, patient),
  };
}
