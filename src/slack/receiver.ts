import type { IncomingMessage, ServerResponse } from 'node:http';
import { HTTPReceiver, type Receiver } from '@slack/bolt';
import type { SlackConfig } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { Timings } from '../timings.ts';
import { boltLogger } from './bolt-logger.ts';
import { guardRequests } from './guard-requests.ts';
import { createSocketModeReceiver } from './socket-mode-receiver.ts';

/** Receives Slack's deliveries. */
export interface SlackReceiver {
  receiver: Receiver;
  /** In HTTP mode: handles requests to {@link deliveriesPath}. */
  handleRequest: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  /** Why no deliveries can arrive at present; undefined if they can. */
  fault(): string | undefined;
}

/** Creates Bolt's receiver for the configured mode. It opens no port: Kickoff has one HTTP server (http-server.ts). */
export function createReceiver(config: SlackConfig, timings: Timings['socket'], logger: Logger): SlackReceiver {
  return config.delivery.mode === 'socket'
    ? socketModeReceiver(config, config.delivery.appToken, timings, logger)
    : httpReceiver(config.delivery.signingSecret, logger);
}

function socketModeReceiver(
  { apiUrl }: SlackConfig,
  appToken: string,
  timings: Timings['socket'],
  logger: Logger,
): SlackReceiver {
  return { ...createSocketModeReceiver({ appToken, apiUrl, timings, logger }), handleRequest: undefined };
}

function httpReceiver(signingSecret: string, logger: Logger): SlackReceiver {
  const receiver = new HTTPReceiver({
    signingSecret,
    // guardRequests, the only way to this receiver, has verified it.
    signatureVerification: false,
    logger: boltLogger(logger),
    processEventErrorHandler: async ({ error, response }) => {
      logger.error({ err: error }, 'delivery is not acknowledged');
      if (!response.headersSent) response.writeHead(503).end();
      return false;
    },
    // Nothing was recorded within Slack's 3 seconds, so that Slack is to deliver it again.
    unhandledRequestHandler: ({ response }) => {
      if (response.headersSent) return;
      logger.warn('delivery is not acknowledged in time');
      response.writeHead(503).end();
    },
  });
  const handleRequest = guardRequests(receiver.requestListener, { signingSecret, logger });
  return { receiver, handleRequest, fault: () => undefined };
}
