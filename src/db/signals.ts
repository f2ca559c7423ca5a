/** What a `notify` says, so that a typo is a type error. */
export type Signal =
  | 'live_chats_changed'
  | 'directory_changed'
  | 'starts_due'
  | 'activity_due'
  | 'adoption_due'
  | 'joins_due'
  | 'deliveries_due'
  | 'engine_due'
  | 'engine_changed';

export type SignalListener = (payload: string | undefined) => void;

/**
 * The one NOTIFY channel that all signals share: postgres.js subscribes each channel again after every failed attempt to
 * reconnect, and with several of them its subscriptions get into each other's way.
 */
export const notifyChannel = 'kickoff';

/** What goes over the channel. */
export function encodeSignal(signal: Signal, payload: string): string {
  return `${signal} ${payload}`;
}

/** Hands what comes over the channel to those who listen to the signal. The channel is subscribed when the first does. */
export function shareChannel(
  subscribe: (onMessage: (message: string) => void, onReconnect: () => void) => Promise<unknown>,
): (signal: Signal, listener: SignalListener) => Promise<void> {
  const listeners = new Map<string, Set<SignalListener>>();
  let subscribed: Promise<unknown> | undefined;
  const onMessage = (message: string) => {
    const space = message.indexOf(' ');
    for (const listener of listeners.get(message.slice(0, space)) ?? []) listener(message.slice(space + 1));
  };
  const onReconnect = () => {
    for (const listener of [...listeners.values()].flatMap((some) => [...some])) listener(undefined);
  };
  return async (signal, listener) => {
    const some = listeners.get(signal) ?? new Set();
    listeners.set(signal, some.add(listener));
    subscribed ??= subscribe(onMessage, onReconnect);
    await subscribed;
  };
}
