import type { IncomingMessage, ServerResponse } from 'node:http';
import { HTTPReceiver, type Receiver, SocketModeReceiver } from '@slack/bolt';
import type { SlackConfig } from '../config.ts';
import type { Logger } from '../logger.ts';
import { boltLogger } from './bolt-logger.ts';
import { guardRequests } from './guard-requests.ts';

/** How deliveries reach us. */
export interface SlackReceiver {
  receiver: Receiver;
  /** Of HTTP mode: takes the requests to /slack/events. */
  handleRequest: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  /** Why deliveries cannot reach us now; undefined if they can. */
  fault(): string | undefined;
}

/** Bolt's receiver for the configured mode. It opens no port itself: Kickoff has one HTTP server (http-server.ts). */
export function createReceiver(config: SlackConfig, logger: Logger): SlackReceiver {
  return config.delivery.mode === 'socket'
    ? socketModeReceiver(config, config.delivery.appToken, logger)
    : httpReceiver(config.delivery.signingSecret, logger);
}

/**
 * Calls to Slack that can be given up: from `end` on none is made or answered any more. Whoever waits for one waits for
 * ever, and is forgotten.
 */
function endableCalls(): { fetch: typeof fetch; end: () => void } {
  let isEnded = false;
  const never = () => new Promise<never>(() => {});
  return {
    fetch: async (...args) => {
      if (isEnded) return never();
      const response = await fetch(...args);
      return isEnded ? never() : response;
    },
    end: () => {
      isEnded = true;
    },
  };
}

function socketModeReceiver(config: SlackConfig, appToken: string, logger: Logger): SlackReceiver {
  const calls = endableCalls();
  const receiver = new SocketModeReceiver({
    appToken,
    logger: boltLogger(logger),
    installerOptions: {
      clientOptions: {
        slackApiUrl: config.apiUrl,
        fetch: calls.fetch,
        // As good as for ever: running out of them is an unhandled rejection. The client's own 100 wait longer and longer,
        // up to days; nobody should wait for more than a moment once Slack is back.
        retryConfig: { retries: 10_000, factor: 1.3, maxTimeout: 10_000 },
      },
    },
    processEventErrorHandler: async ({ error }) => {
      logger.error({ err: error }, 'delivery is not acknowledged');
      return false;
    },
  });
  // A client that is stopped while it asks for a connection would go on asking, and connect once more in the end.
  receiver.client.on('disconnecting', calls.end);
  let connected = false;
  receiver.client.on('connected', () => {
    connected = true;
  });
  // A lost connection is closed first and reconnects, or says that it does, only 5 seconds later.
  for (const state of ['close', 'disconnected', 'reconnecting', 'connecting']) {
    receiver.client.on(state, () => {
      connected = false;
    });
  }
  return {
    receiver,
    handleRequest: undefined,
    fault: () => (connected ? undefined : 'Slack: the Socket Mode connection is down'),
  };
}

function httpReceiver(signingSecret: string, logger: Logger): SlackReceiver {
  const receiver = new HTTPReceiver({
    signingSecret,
    logger: boltLogger(logger),
    processEventErrorHandler: async ({ error, response }) => {
      logger.error({ err: error }, 'delivery is not acknowledged');
      if (!response.headersSent) response.writeHead(503).end();
      return false;
    },
  });
  return { receiver, handleRequest: guardRequests(receiver.requestListener), fault: () => undefined };
}
