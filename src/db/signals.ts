import { randomUUID } from 'node:crypto';
import type { Logger } from '../logger.ts';

/** What a signal says, so that a typo is a type error. */
export type Signal =
  | 'live_chats_changed'
  | 'directory_changed'
  | 'starts_due'
  | 'activity_due'
  | 'adoption_due'
  | 'catch_up_due'
  | 'joins_due'
  | 'deliveries_due'
  | 'homes_due'
  | 'reminders_due'
  | 'processes_changed'
  | 'catalogue_changed'
  | 'drifts_due'
  | 'engine_due'
  | 'engine_changed'
  | 'engine_events'
  | 'remote_changed'
  | 'remote_messages'
  | 'conversations_due'
  | 'timers_due';

export type SignalListener = (payload: string | undefined) => void;

/** The one NOTIFY channel that all signals share. */
export const notifyChannel = 'kickoff';

/** How long after others were told of signals the next ones are gathered, in milliseconds. */
const gatherMs = 100;

export interface Signals {
  /** Calls `listener` after every signal; without a payload, after the connection was lost and is back. */
  listen(signal: Signal, listener: SignalListener): Promise<void>;
  signal(signal: Signal, payload?: string): void;
  /** The same for everybody but one listener, whose own doing it is. */
  signalOthers(signal: Signal, except: SignalListener): void;
  /** Sends what is gathered. */
  stop(): Promise<void>;
}

interface Channel {
  subscribe(onMessage: (message: string) => void, onReconnect: () => void): Promise<unknown>;
  /** NOTIFY with each of the messages. */
  publish(messages: string[]): Promise<unknown>;
  logger: Logger;
}

/**
 * Signals to everybody who listens: in this process at once, in others by NOTIFY, gathered. NOTIFY inside the
 * transactions that there is something to tell of would make Postgres commit them one after another: it holds one lock
 * over all of a database's notifying commits.
 */
export function createSignals({ subscribe, publish, logger }: Channel): Signals {
  const origin = randomUUID();
  const listeners = new Map<string, Set<SignalListener>>();
  const pending = new Set<string>();
  let subscribed: Promise<unknown> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();

  const tell = (signal: string, payload: string, except?: SignalListener) => {
    for (const listener of listeners.get(signal) ?? []) if (listener !== except) listener(payload);
  };
  const onMessage = (message: string) => {
    const [from, signal = '', ...payload] = message.split(' ');
    // Ours were told here already.
    if (from !== origin) tell(signal, payload.join(' '));
  };
  const onReconnect = () => {
    for (const listener of [...listeners.values()].flatMap((some) => [...some])) listener(undefined);
  };
  const send = async () => {
    const messages = [...pending];
    pending.clear();
    try {
      await publish(messages);
    } catch (err) {
      // They poll as well.
      logger.debug({ err }, 'other replicas were not told');
    }
  };
  const flush = () => {
    timer = undefined;
    if (pending.size === 0) return;
    sending = send();
    timer = setTimeout(flush, gatherMs);
  };
  const sendSoon = (signal: Signal, payload: string) => {
    pending.add(`${origin} ${signal} ${payload}`);
    // The first at once, with what is signalled in the same breath.
    timer ??= setTimeout(flush, 0);
  };
  return {
    async listen(signal, listener) {
      const some = listeners.get(signal) ?? new Set();
      listeners.set(signal, some.add(listener));
      subscribed ??= subscribe(onMessage, onReconnect);
      await subscribed;
    },
    signal(signal, payload = '') {
      tell(signal, payload);
      sendSoon(signal, payload);
    },
    signalOthers(signal, except) {
      tell(signal, '', except);
      sendSoon(signal, '');
    },
    async stop() {
      clearTimeout(timer);
      await sending;
      if (pending.size > 0) await send();
    },
  };
}
