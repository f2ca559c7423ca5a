import type { IncomingMessage, ServerResponse } from 'node:http';
import { HTTPReceiver, type Receiver, SocketModeReceiver } from '@slack/bolt';
import type { SlackConfig } from '../config.ts';
import type { Logger } from '../logger.ts';
import { boltLogger } from './bolt-logger.ts';

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

function socketModeReceiver(config: SlackConfig, appToken: string, logger: Logger): SlackReceiver {
  const receiver = new SocketModeReceiver({
    appToken,
    logger: boltLogger(logger),
    // The client's own retryConfig stays: with fewer retries an outage ends in an unhandled rejection.
    installerOptions: { clientOptions: { slackApiUrl: config.apiUrl } },
    processEventErrorHandler: async ({ error }) => {
      logger.error({ err: error }, 'delivery is not acknowledged');
      return false;
    },
  });
  let connected = false;
  receiver.client.on('connected', () => {
    connected = true;
  });
  for (const state of ['disconnected', 'reconnecting', 'connecting']) {
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
  return { receiver, handleRequest: receiver.requestListener, fault: () => undefined };
}
