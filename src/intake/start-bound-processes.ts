import { and, eq, sql } from 'drizzle-orm';
import { asksHistory, conditionProperties, type Decision, decide } from '../bindings/decide.ts';
import type { HeldBack } from '../bindings/held-back.ts';
import { type Binding, listActiveBindings } from '../bindings/queries.ts';
import { isForReaction } from '../bindings/reactions.ts';
import type { Db } from '../db/client.ts';
import type { LiveChat } from '../live-chats/live-chat.ts';
import type { Variables } from '../processes/value-types.ts';
import { propertyValues } from '../sessions/properties.ts';
import { sessionFacts } from '../sessions/read-facts.ts';
import type { Session } from '../sessions/session.ts';
import type { SessionFacts } from '../sessions/session-facts.ts';
import { insertStart } from '../starts/queries.ts';
import { storableJson } from '../storable.ts';
import type { Fact } from './fact.ts';
import { type KnownPeople, peopleRead, seenFiles } from './known-people.ts';
import { readHistory } from './read-history.ts';
import { sessionEvents } from './tables.ts';
import { isAwaitedNow } from './tell-processes.ts';

export interface Surroundings {
  liveChat: LiveChat;
  session: Session;
  /** When the event happened. */
  at: Date;
  people: KnownPeople;
  workspaceUrl: string;
}

/**
 * Inserts the starts that the live chat's bindings ask for, and records why other bindings were held back. All facts are of one
 * delivery.
 */
export async function startBoundProcesses(tx: Db, surroundings: Surroundings, facts: Fact[]): Promise<void> {
  const { liveChat, session, at } = surroundings;
  const events = facts.map(({ event }) => event);
  const bound = await listActiveBindings(tx, liveChat.id, events);
  if (bound.length === 0) return;
  const isAwaited = bound.some(({ skipsAwaited }) => skipsAwaited) && (await isAwaitedNow(tx, session.id, events, at));
  if (isAwaited) await keepAwaited(tx, session.id, facts);
  for (const fact of facts) {
    const bindings = bound.filter((binding) => binding.event === fact.event && concerns(binding, fact));
    const heldBack: HeldBack[] = [];
    for (const { binding, hindrance } of await decideFact(tx, surroundings, fact, bindings, isAwaited)) {
      const { id, event, processName } = binding;
      if (hindrance) heldBack.push({ event, bindingId: id, processName, hindrance });
      else await insertBoundStart(tx, surroundings, fact, binding);
    }
    if (heldBack.length > 0) await keepHeldBack(tx, session.id, fact.keptAs, heldBack);
  }
}

const concerns = (binding: Binding, { reaction, bindingIds }: Fact) =>
  (!reaction || isForReaction(binding, reaction)) && (bindingIds?.includes(binding.id) ?? true);

async function decideFact(
  tx: Db,
  surroundings: Surroundings,
  fact: Fact,
  bindings: Binding[],
  isAwaited: boolean,
): Promise<Decision[]> {
  if (bindings.length === 0) return [];
  const ofHistory = bindings.filter(asksHistory);
  const decisions = decide(bindings, {
    values: await valuesFor(tx, surroundings, fact, bindings),
    at: surroundings.at,
    isKnown: () => true,
    history: { ...(await readHistory(tx, surroundings.session.id, ofHistory)), isAwaited },
  });
  if (!decisions) throw new Error('a binding was not decided, though all is known');
  return decisions;
}

/** The values that the bindings' conditions read. Throws UnknownPeopleError for people who are not loaded yet. */
async function valuesFor(tx: Db, surroundings: Surroundings, fact: Fact, bindings: Binding[]): Promise<Variables> {
  const { people, workspaceUrl } = surroundings;
  const conditional = bindings.filter(({ conditions }) => conditions !== null);
  if (conditional.length === 0) return {};
  const read = conditional.map(({ conditions }) => conditionProperties(conditions));
  const codes = read.includes(undefined) ? undefined : read.flatMap((some) => some ?? []);
  const withTranscript = codes?.includes('session.transcript') ?? true;
  const facts = await factsOf(tx, surroundings, fact, withTranscript);
  return propertyValues({
    facts,
    people: people.require(peopleRead(facts, codes)),
    workspaceUrl,
    files: seenFiles(fact.message),
  });
}

async function insertBoundStart(tx: Db, surroundings: Surroundings, fact: Fact, binding: Binding): Promise<void> {
  const { liveChat, session } = surroundings;
  const { event, key } = fact;
  const withTranscript = Object.values(binding.mapping).includes('session.transcript');
  await insertStart(tx, {
    teamId: session.teamId,
    key: `event:${session.id}:${event}:${key}:${binding.id}`,
    sessionId: session.id,
    liveChatId: liveChat.id,
    event,
    bindingId: binding.id,
    processDefinitionId: binding.processDefinitionId,
    processName: binding.processName,
    facts: await factsOf(tx, surroundings, fact, withTranscript),
    mapping: binding.mapping,
    status: 'waiting',
    dueAt: sql`now()`,
    activityDueAt: liveChat.activityChannel ? sql`now()` : null,
  });
}

async function factsOf(
  tx: Db,
  { liveChat, session, at }: Surroundings,
  { event, message, isFirst, reaction }: Fact,
  withTranscript: boolean,
): Promise<SessionFacts> {
  const read = await sessionFacts(tx, liveChat, session, message, { at, withTranscript });
  const facts = isFirst === undefined ? read : { ...read, isFirstMessage: isFirst };
  // The staff wrote the message that the client has not answered.
  if (event === 'client_silent') return { ...facts, clientUserId: session.clientUserId };
  if (!reaction) return facts;
  const { emoji, ts, operatorUserId, clientUserId } = reaction;
  return {
    ...facts,
    // The message that got the reaction may be by staff or an app.
    clientUserId: session.clientOrigin === 'chosen' ? session.clientUserId : (clientUserId ?? session.clientUserId),
    operatorUserId: operatorUserId ?? session.operatorUserId,
    reaction: { emoji, ts },
  };
}

async function keepAwaited(tx: Db, sessionId: string, facts: Fact[]): Promise<void> {
  for (const { keptAs } of facts)
    await tx.update(sessionEvents).set({ isAwaited: true }).where(isKept(sessionId, keptAs));
}

/** Appends to the fact's record. A message may be two facts, each with its own bindings. */
export async function keepHeldBack(
  tx: Db,
  sessionId: string,
  keptAs: Fact['keptAs'],
  heldBack: HeldBack[],
): Promise<void> {
  await tx
    .update(sessionEvents)
    .set({
      heldBack: sql`coalesce(${sessionEvents.heldBack}, '[]'::jsonb) || ${storableJson(heldBack)}::jsonb`,
    })
    .where(isKept(sessionId, keptAs));
}

function isKept(sessionId: string, { kind, slackTs }: Fact['keptAs']) {
  return and(eq(sessionEvents.sessionId, sessionId), eq(sessionEvents.kind, kind), eq(sessionEvents.slackTs, slackTs));
}
