import type { Core } from '../core.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Call, Delivery } from '../traffic.ts';
import type { TrafficDetails, TrafficEntry } from './protocol.ts';

const deliveryStates: Record<Delivery['state'], TrafficEntry['state']> = {
  held: 'held',
  pending: 'pending',
  in_flight: 'under_way',
  acknowledged: 'done',
  given_up: 'failed',
};

/** The name of a conversation or person; empty if the id belongs to neither. */
function nameOf(core: Core, id: unknown): string {
  const { channels, users } = core.state;
  const channel = channels[String(id)];
  if (channel?.imUser) return `direct message with ${users[channel.imUser]?.realName ?? ''}`;
  return channel ? `#${channel.name}` : (users[String(id)]?.realName ?? '');
}

function aboutEvent(core: Core, event: JsonObject): string {
  const channel = isObject(event.channel) ? event.channel.id : event.channel;
  return [event.subtype, nameOf(core, channel), isObject(event.user) ? event.user.real_name : nameOf(core, event.user)]
    .filter(Boolean)
    .join(' · ');
}

function aboutInteraction(core: Core, body: JsonObject): string {
  const [action] = Array.isArray(body.actions) ? body.actions.filter(isObject) : [];
  const view = isObject(body.view) ? body.view.callback_id : undefined;
  const who = nameOf(core, isObject(body.user) ? body.user.id : body.user_id);
  return [body.callback_id ?? view, action?.action_id ?? body.action_id, body.text, who].filter(Boolean).join(' · ');
}

function aboutCall(core: Core, args: JsonObject): string {
  const view = isObject(args.view) ? args.view.callback_id : undefined;
  return [nameOf(core, args.channel), nameOf(core, args.user ?? args.users), view].filter(Boolean).join(' · ');
}

function showDelivery(core: Core, delivery: Delivery): TrafficEntry {
  const { id, kind, type, at, body, attempts, state } = delivery;
  const last = attempts.at(-1);
  const about = isObject(body.event) ? aboutEvent(core, body.event) : aboutInteraction(core, body);
  return {
    id,
    kind,
    type,
    about,
    at,
    state: deliveryStates[state],
    latencyMs: last?.latencyMs,
    status: last?.status,
    error: last?.acknowledged === false ? last.reason : undefined,
    attempts: attempts.length,
  };
}

function showCall(core: Core, call: Call): TrafficEntry {
  const { id, method, args, at, answer, status, latencyMs } = call;
  const failed = answer !== undefined && answer.ok !== true;
  return {
    id,
    kind: 'call',
    type: method,
    about: aboutCall(core, args),
    at,
    state: answer === undefined ? 'under_way' : failed ? 'failed' : 'done',
    latencyMs,
    status,
    error: failed ? String(answer.error) : undefined,
    attempts: 1,
  };
}

/** One line of the inspector. */
export function showEntry(core: Core, entry: Delivery | Call): TrafficEntry {
  return 'method' in entry ? showCall(core, entry) : showDelivery(core, entry);
}

/** Everything about one delivery or call; undefined if it is not remembered. */
export function showDetails(core: Core, id: string): TrafficDetails | undefined {
  const call = core.traffic.calls.find((one) => one.id === id);
  if (call) return { ...showCall(core, call), payload: call.args, reply: call.answer, history: [] };
  const delivery = core.traffic.deliveries.find((one) => one.id === id);
  if (!delivery) return undefined;
  const { body, attempts } = delivery;
  return { ...showDelivery(core, delivery), payload: body, reply: attempts.at(-1)?.answer, history: attempts };
}

/** All remembered traffic, oldest first. */
export function showTraffic(core: Core): TrafficEntry[] {
  return [...core.traffic.calls, ...core.traffic.deliveries]
    .map((entry) => showEntry(core, entry))
    .sort((one, other) => one.at - other.at);
}
