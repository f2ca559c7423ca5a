import { randomUUID } from 'node:crypto';
import type { Logger } from '../logger.ts';

/** All signals, so that a typo is a type error. */
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

/** How long signals are collected before other replicas are notified again, in milliseconds. */
const gatherMs = 100;

export interface Signals {
  /** Calls `listener` after every signal; without a payload when the connection is back after it was lost. */
  listen(signal: Signal, listener: SignalListener): Promise<void>;
  signal(signal: Signal, payload?: string): void;
  /** Signals everybody except the listener that caused it. */
  signalOthers(signal: Signal, except: SignalListener): void;
  /** Sends what has been collected. */
  stop(): Promise<void>;
}

interface Channel {
  subscribe(onMessage: (message: string) => void, onReconnect: () => void): Promise<unknown>;
  /** Runs NOTIFY with each of the messages. */
  publish(messages: string[]): Promise<unknown>;
  logger: Logger;
}

/**
 * Signals to all listeners: directly in this process, and by collected NOTIFYs in others. NOTIFY inside the signalling
 * transactions would make Postgres commit them one after another, because it holds one lock over all notifying commits of a
 * database.
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
    // Listeners of this process were already called.
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
      // The others also poll.
      logger.debug({ err }, 'other replicas could not be notified');
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
    // The first is sent immediately, together with signals of the same turn.
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
