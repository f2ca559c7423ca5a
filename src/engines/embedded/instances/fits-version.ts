import { type Message, message } from '../../../words/message.ts';
import { type Done, type InstanceState, rootToken, type Token } from '../interpreter/instance-state.ts';
import { activityOf, type ElementModel, type ListenerEvent, type ProcessModel } from '../interpreter/model.ts';

/**
 * The reason why an instance cannot continue in another version of its process; undefined if it can. Same rules as Camunda 8's
 * migration with each element mapped to itself: the other version must have the same kind of element in the same scope wherever
 * the instance is. Open subscriptions and timers are not changed, so the events must be the same as well, unless nothing was
 * opened yet.
 */
export function misfit(state: InstanceState, from: ProcessModel, to: ProcessModel): Message | undefined {
  const tokens = Object.entries(state.tokens);
  // Parts of the instance are stored separately, or steps are pending.
  if (state.pending || tokens.some(([, { apart, spread }]) => apart || spread)) return message('move.underWay');
  const scopes = { from: scopesOf(from), to: scopesOf(to) };
  for (const [key, token] of tokens) {
    const id = token.element;
    const [old, next] = [from.elements.get(id), to.elements.get(id)];
    const title = old?.title ?? id;
    // For a listener's job, the surrounding token decides.
    if (token.isListener) continue;
    const isRoot = Number(key) === rootToken;
    if (!old || !next || (!isRoot && scopes.from.get(id) !== scopes.to.get(id)) || !isSameKind(old, next)) {
      return message('move.elementGone', { element: title });
    }
    if (token.incident?.at !== 'enter' && eventsOf(old) !== eventsOf(next)) {
      return message('move.otherEvents', { element: title });
    }
    if (token.listening && listenersOf(old, token.listening.event) !== listenersOf(next, token.listening.event)) {
      return message('move.otherEvents', { element: title });
    }
    const gone = missingIn(token, to);
    if (gone !== undefined) return message('move.elementGone', { element: from.elements.get(gone)?.title ?? gone });
  }
  return undefined;
}

function isSameKind(one: ElementModel, other: ElementModel): boolean {
  return (
    one.behaviour.kind === other.behaviour.kind &&
    activityOf(one).behaviour.kind === activityOf(other).behaviour.kind &&
    (one.behaviour.kind !== 'multiInstance' ||
      other.behaviour.kind !== 'multiInstance' ||
      one.behaviour.loop.isSequential === other.behaviour.loop.isSequential)
  );
}

function eventsOf({ events }: ElementModel): string {
  return events
    .map(({ elementId, place, trigger }) => `${elementId} ${place} ${trigger.kind}`)
    .sort()
    .join('\n');
}

function listenersOf(element: ElementModel, event: ListenerEvent): string {
  return JSON.stringify(activityOf(element).listeners[event]?.map(({ type }) => type.text));
}

/** An element that a token refers to, other than its own, and that the other version does not have. */
function missingIn(token: Token, { elements }: ProcessModel): string | undefined {
  const { arrived = {}, done = [], startedBy, begins, ending = [] } = token;
  const awaited = [...ending, ...(begins ? [begins] : [])].map(({ elementId }) => elementId);
  const gone = [...awaited, ...(startedBy === undefined ? [] : [startedBy])].find((id) => !elements.has(id));
  if (gone !== undefined) return gone;
  for (const [gateway, flows] of Object.entries(arrived)) {
    const incoming = new Set(elements.get(gateway)?.incoming.map(({ id }) => id));
    if (Object.keys(flows).some((flow) => !incoming.has(flow))) return gateway;
  }
  return namedIn(done).find((id) => !elements.get(id)?.compensation);
}

/** Ids of the activities whose compensation handlers may be called. */
function namedIn(done: readonly Done[]): string[] {
  return done.flatMap(({ element, inside = [] }) => (inside.length > 0 ? namedIn(inside) : element));
}

/** Element → the sub-process or process that contains it; only elements that a token can reach. */
function scopesOf({ elements }: ProcessModel): Map<string, string> {
  const scopes = new Map<string, string>();
  for (const { id, behaviour, events } of [...elements.values()].map(activityOf)) {
    if (behaviour.kind !== 'subProcess') continue;
    const open = [
      behaviour.startElementId,
      ...events.flatMap(({ place, leadsTo }) => (place === 'eventSubProcess' ? leadsTo : [])),
    ];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (scopes.has(next)) continue;
      scopes.set(next, id);
      const element = elements.get(next);
      if (!element) continue;
      open.push(...element.outgoing.map(({ target }) => target));
      open.push(...element.events.flatMap(({ place, leadsTo }) => (place === 'eventSubProcess' ? [] : leadsTo)));
      if (element.behaviour.kind === 'linkThrow') open.push(element.behaviour.targetId);
    }
  }
  return scopes;
}
