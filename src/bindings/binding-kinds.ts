/** The session events that can start a process, in the order the configuration shows them. */
export const boundEvents = [
  'session_created',
  'client_first_message',
  'message_received',
  'client_waiting',
  'client_silent',
  'reaction_added',
  'session_closed',
] as const;

/** The events that happen because nobody has answered for a set time. */
export const timedEvents = ['client_waiting', 'client_silent'] as const satisfies readonly BindingEvent[];

export type TimedEvent = (typeof timedEvents)[number];

export const isTimed = (event: BindingEvent): event is TimedEvent => timedEvents.some((one) => one === event);

export type BindingEvent = (typeof boundEvents)[number];

/** How often a binding starts its process in a session. */
export const bindingPolicies = ['every_time', 'once_per_session', 'not_while_running', 'at_most_once_in'] as const;

export type BindingPolicy = (typeof bindingPolicies)[number];
