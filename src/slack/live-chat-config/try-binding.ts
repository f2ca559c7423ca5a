import { isTimed } from '../../bindings/binding-kinds.ts';
import { conditionProperties } from '../../bindings/decide.ts';
import { fillParameters, UnfitMappingError } from '../../bindings/fill-parameters.ts';
import type { Hindrance } from '../../bindings/held-back.ts';
import type { Binding } from '../../bindings/queries.ts';
import { isForReaction } from '../../bindings/reactions.ts';
import { replay } from '../../bindings/replay.ts';
import { peopleRead, seenFiles } from '../../intake/known-people.ts';
import { occasionsOf, type PastOccasion } from '../../intake/past/occasions.ts';
import { type KeptSession, readPast } from '../../intake/past/read-past.ts';
import { waitOccasions } from '../../intake/past/wait-occasions.ts';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import type { Parameter } from '../../processes/process-definition.ts';
import type { Variables } from '../../processes/value-types.ts';
import { propertyValues } from '../../sessions/properties.ts';
import type { SessionFacts } from '../../sessions/session-facts.ts';
import { readProperties } from '../../starts/run-start.ts';
import { type Message, message } from '../../words/message.ts';
import type { SlackContext } from '../slack-context.ts';

/** Maximum number of occasions that a binding is tried on. */
export const mostOccasions = 50;

/** The result that a binding would have had on an occasion. */
export type Outcome =
  | { kind: 'starts'; parameters: Parameter[]; values: Variables }
  | { kind: 'fails'; reason: Message }
  | { kind: 'spam' }
  | { kind: 'held'; hindrance: Hindrance };

export interface Trial {
  at: Date;
  sessionName: string;
  outcome: Outcome;
}

export interface Trials {
  /** Newest first. */
  trials: Trial[];
  /** When the start that caused a hindrance was made, or would have been. */
  startedAt(id: string): Date | undefined;
}

type TryContext = Pick<SlackContext, 'db' | 'directory' | 'identity' | 'catalogue'>;

/**
 * Tries a binding, saved or not, on the last occasions of its event, together with the event's other current bindings. Starts
 * nothing and asks no engine. Throws UnavailableError.
 */
export async function tryBinding(
  context: TryContext,
  liveChat: LiveChat,
  binding: Binding,
  bound: readonly Binding[],
): Promise<Trials> {
  const tried = bound
    .map((one) => (one.id === binding.id ? binding : one))
    .filter(({ id, event, isOn }) => event === binding.event && (isOn || id === binding.id));
  // Not every archived channel is a closing, so twice as many are read.
  const { kept: past, readAt } = await readPast(context.db, liveChat.id, binding, mostOccasions * 2);
  const sessions = await Promise.all(past.map((kept) => trySession(context, liveChat, binding, tried, kept, readAt)));
  const last = sessions
    .flat()
    .toSorted((one, other) => other.occasion.heardAt - one.occasion.heardAt)
    .slice(0, mostOccasions);
  const times = new Map([
    ...sessions.flat().map(({ occasion }) => [occasion.id, occasion.at] as const),
    ...past.flatMap(({ starts }) => starts.map(({ id, askedAt }) => [id, new Date(askedAt / 1000)] as const)),
  ]);
  return {
    trials: await Promise.all(
      last.map(async ({ occasion, hindrance }) => ({
        at: occasion.at,
        sessionName: occasion.facts.sessionName,
        outcome: occasion.isSpam ? { kind: 'spam' } : await outcomeOf(context, binding, occasion.facts, hindrance),
      })),
    ),
    startedAt: (id) => times.get(id),
  };
}

interface TriedOccasion {
  occasion: PastOccasion;
  hindrance: Hindrance | undefined;
}

async function trySession(
  context: TryContext,
  liveChat: LiveChat,
  binding: Binding,
  tried: Binding[],
  kept: KeptSession,
  readAt: Date,
): Promise<TriedOccasion[]> {
  const { event } = binding;
  const { occasions, earlier } = isTimed(event)
    ? waitOccasions(kept, liveChat, event, tried, readAt)
    : occasionsOf(kept, liveChat, event);
  const looked = occasions.filter(({ isSpam, answeredAt }) => !isSpam && !answeredAt);
  const read = tried.map(({ conditions }) => conditionProperties(conditions));
  const codes = read.includes(undefined) ? undefined : read.flatMap((some) => some ?? []);
  const replayed = await Promise.all(
    looked.map(async ({ at, facts, ...occasion }) => ({
      ...occasion,
      at: at.getTime(),
      values: codes?.length === 0 ? {} : await conditionValues(context, facts, codes),
    })),
  );
  const decisions = replay(tried, replayed, earlier);
  const hindrances = new Map(
    looked.map((occasion, index) => [
      occasion.id,
      decisions[index]?.find((decision) => decision.binding.id === binding.id)?.hindrance,
    ]),
  );
  return occasions
    .filter(
      ({ reaction, bindingIds }) =>
        (!reaction || isForReaction(binding, reaction)) && (bindingIds?.includes(binding.id) ?? true),
    )
    .map((occasion) => ({ occasion, hindrance: answeredBefore(occasion) ?? hindrances.get(occasion.id) }));
}

const answeredBefore = ({ answeredAt }: PastOccasion): Hindrance | undefined =>
  answeredAt && { kind: 'answered', at: answeredAt.toISOString() };

/** The values at the time of the event, except people's profiles, which are current. */
async function conditionValues(
  { directory, identity }: TryContext,
  facts: SessionFacts,
  codes: string[] | undefined,
): Promise<Variables> {
  const ids = peopleRead(facts, codes);
  const found = await Promise.all(ids.map((id) => directory.person(id)));
  return propertyValues({
    facts,
    people: new Map(found.flatMap((person) => (person ? [[person.id, person] as const] : []))),
    workspaceUrl: identity.workspaceUrl,
    files: seenFiles(facts.message),
  });
}

async function outcomeOf(
  { directory, identity, catalogue }: TryContext,
  { processDefinitionId, mapping }: Binding,
  facts: SessionFacts,
  hindrance: Hindrance | undefined,
): Promise<Outcome> {
  if (hindrance) return { kind: 'held', hindrance };
  const definition = catalogue().get(processDefinitionId);
  if (!definition) return { kind: 'fails', reason: message('past.noProcess') };
  const { workspaceUrl } = identity;
  const values = await readProperties({ people: directory, workspaceUrl }, facts, Object.values(mapping));
  try {
    const { parameters } = definition;
    return { kind: 'starts', parameters, values: fillParameters(mapping, parameters, values) };
  } catch (error) {
    if (!(error instanceof UnfitMappingError)) throw error;
    return { kind: 'fails', reason: error.said };
  }
}
