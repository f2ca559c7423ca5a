import { setTimeout as delay } from 'node:timers/promises';
import { type App, type Receiver, SocketModeReceiver } from '@slack/bolt';
import { z } from 'zod';
import type { Logger } from '../logger.ts';
import type { Timings } from '../timings.ts';
import { withTimeout } from '../with-timeout.ts';
import { boltLogger } from './bolt-logger.ts';
import { platformError } from './platform-error.ts';

export interface SocketModeOptions {
  appToken: string;
  apiUrl: string;
  timings: Timings['socket'];
  logger: Logger;
}

/** A connection with the deliveries that came by it and are not acknowledged yet. */
interface Connection {
  receiver: SocketModeReceiver;
  underWay: Set<Promise<void>>;
}

/**
 * Receives deliveries in Socket Mode, and opens a new connection before it closes the old one: Slack asks for a renewal every
 * few hours, and clicks without an open connection fail for the person. Bolt's own client closes first and reconnects 5 seconds
 * later.
 */
export function createSocketModeReceiver({ appToken, apiUrl, timings, logger }: SocketModeOptions): {
  receiver: Receiver;
  fault(): string | undefined;
} {
  const stopping = new AbortController();
  const bolt = boltLogger(logger);
  /**
   * Failed attempts are logged here, with the time of the next one; an attempt that was aborted by stopping is not a failure.
   */
  const clientLogger: typeof bolt = {
    ...bolt,
    error: (...parts) => (stopping.signal.aborted ? bolt.info(...parts) : bolt.warn(...parts)),
  };
  const open = new Set<Connection>();
  let app: App | undefined;
  /** The connection in use until Slack asks for another; undefined while there is none. */
  let current: Connection | undefined;
  let isConnecting = false;
  /** Slack's reason, once it no longer accepts the token. */
  let refusal: string | undefined;

  function newConnection(): Connection {
    const receiver = new SocketModeReceiver({
      appToken,
      logger: clientLogger,
      autoReconnectEnabled: false,
      installerOptions: {
        clientOptions: {
          slackApiUrl: apiUrl,
          fetch: (input, init) => fetch(input, { ...init, signal: stopping.signal }),
          // Retries are made here, each with a connection of its own.
          retryConfig: { retries: 0 },
        },
      },
      processEventErrorHandler: async ({ error }) => {
        logger.error({ err: error }, 'delivery is not acknowledged');
        return false;
      },
    });
    const connection: Connection = { receiver, underWay: new Set() };
    if (app) receiver.init(countingDeliveries(app, connection.underWay));
    onRenewal(receiver, () => {
      // Slack asks twice, so the connection may have been replaced already.
      if (current === connection) connectInBackground();
    });
    receiver.client.on('disconnected', () => {
      open.delete(connection);
      if (current !== connection) return;
      current = undefined;
      connectInBackground();
    });
    return connection;
  }

  /** Opens a connection to replace the current one. Throws if Slack refuses the token; otherwise keeps trying. */
  async function connect(): Promise<void> {
    for (let pause = timings.firstPauseMs; ; pause = Math.min(2 * pause, timings.longestPauseMs)) {
      const connection = newConnection();
      open.add(connection);
      try {
        await withTimeout(connection.receiver.start(), timings.connectMs);
        const old = current;
        current = connection;
        if (old) void retire(old);
        return;
      } catch (error) {
        open.delete(connection);
        await connection.receiver.stop();
        if (stopping.signal.aborted) return;
        if (refusals.has(platformError(error) ?? '')) throw error;
        logger.warn({ err: error, retryInMs: pause }, 'no Socket Mode connection');
        await delay(pause, undefined, { signal: stopping.signal }).catch(() => {});
        if (stopping.signal.aborted) return;
      }
    }
  }

  function connectInBackground(): void {
    if (isConnecting || stopping.signal.aborted) return;
    isConnecting = true;
    connect()
      .catch((err) => {
        refusal = `SLACK_APP_TOKEN is not accepted: ${platformError(err)}`;
        logger.error({ err }, 'Slack rejects the app-level token');
      })
      .finally(() => {
        isConnecting = false;
        // The connection may have been lost while it was about to become the current one.
        if (!current && !refusal) connectInBackground();
      });
  }

  /** Closes a connection once its deliveries are acknowledged. */
  async function retire({ receiver, underWay }: Connection): Promise<void> {
    const patience = delay(timings.retiringMs, undefined, { signal: stopping.signal }).catch(() => {});
    while (underWay.size > 0) {
      const isLate = await Promise.race([Promise.allSettled(underWay).then(() => false), patience.then(() => true)]);
      if (isLate) break;
    }
    await receiver.stop();
  }

  return {
    receiver: {
      init(started) {
        app = started;
      },
      start: connect,
      async stop() {
        stopping.abort();
        await Promise.all([...open].map(({ receiver }) => receiver.stop()));
      },
    },
    fault: () => (current ? undefined : `Slack: ${refusal ?? 'the Socket Mode connection is down'}`),
  };
}

/** Errors of `apps.connections.open` that retrying does not change. */
const refusals = new Set([
  'account_inactive',
  'invalid_auth',
  'not_authed',
  'not_allowed_token_type',
  'team_disabled',
  'token_revoked',
  'user_removed_from_team',
]);

/** Wraps the app to keep its running deliveries in `underWay`. */
function countingDeliveries(app: App, underWay: Set<Promise<void>>): App {
  return Object.create(app, {
    processEvent: {
      value: (event: Parameters<App['processEvent']>[0]) => {
        const processing = app.processEvent(event).finally(() => underWay.delete(processing));
        underWay.add(processing);
        return processing;
      },
    },
  });
}

/** Calls `renew` on Slack's `disconnect`, instead of Bolt's reaction, which is to close the connection at once. */
function onRenewal({ client }: SocketModeReceiver, renew: () => void): void {
  const [receive] = client.listeners('ws_message');
  if (!receive) throw new Error('the Socket Mode client does not listen to its connection');
  client.removeAllListeners('ws_message');
  client.on('ws_message', (data: unknown, isBinary: boolean) => {
    if (typeof data !== 'string') receive(data, isBinary);
    else if (isRenewal(data)) renew();
    else receive(withInnerEvent(data), isBinary);
  });
}

/** Whether it is Slack's `disconnect`, sent as a `warning` and then as a `refresh_requested`; deliveries come in envelopes. */
function isRenewal(text: string): boolean {
  return text.includes('"disconnect"') && !text.includes('"envelope_id"');
}

const eventEnvelopeSchema = z.looseObject({
  type: z.literal('events_api'),
  payload: z.looseObject({ type: z.string() }),
});

/** Bolt's client fails at a delivery without an inner event (`app_rate_limited`), so one with the delivery's type is added. */
function withInnerEvent(text: string): string {
  if (!text.includes('"events_api"') || /"event"\s*:/.test(text)) return text;
  const envelope = eventEnvelopeSchema.safeParse(parseJson(text)).data;
  if (!envelope) return text;
  return JSON.stringify({ ...envelope, payload: { ...envelope.payload, event: { type: envelope.payload.type } } });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
