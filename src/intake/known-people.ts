import type { FileValue } from '../processes/value-types.ts';
import type { People, Person } from '../sessions/people.ts';
import { type PeopleById, peopleOf } from '../sessions/properties.ts';
import { mentionsIn } from '../sessions/readable-text.ts';
import type { MessageFacts, SessionFacts } from '../sessions/session-facts.ts';

/** Thrown when conditions read people who are not loaded yet: a transaction must not wait for Slack. */
export class UnknownPeopleError extends Error {
  override readonly name = 'UnknownPeopleError';
  readonly ids: readonly string[];

  constructor(ids: readonly string[]) {
    super('people are to be looked up first');
    this.ids = ids;
  }
}

/** The people loaded from Slack. */
export interface KnownPeople {
  /** The profiles of these people, without those that Slack hides. Throws {@link UnknownPeopleError}. */
  require(ids: readonly string[]): PeopleById;
}

/**
 * Runs `work`, and runs it again after loading the people whom it found missing.
 *
 * @throws UnavailableError if Slack does not answer
 */
export async function withPeople<Result>(
  people: Pick<People, 'person'>,
  attempt: (known: KnownPeople) => Promise<Result>,
): Promise<Result> {
  const asked = new Map<string, Person | undefined>();
  const known: KnownPeople = {
    require(ids) {
      const unknown = ids.filter((id) => !asked.has(id));
      if (unknown.length > 0) throw new UnknownPeopleError(unknown);
      return new Map(
        ids.flatMap((id) => {
          const person = asked.get(id);
          return person ? [[id, person] as const] : [];
        }),
      );
    },
  };
  for (;;) {
    try {
      return await attempt(known);
    } catch (error) {
      if (!(error instanceof UnknownPeopleError)) throw error;
      const found = await askAbout(people, error.ids);
      for (const id of error.ids) asked.set(id, found.get(id));
    }
  }
}

/** Loads the profiles of these people, without those that Slack hides. Throws UnavailableError if Slack does not answer. */
export async function askAbout(people: Pick<People, 'person'>, ids: readonly string[]): Promise<PeopleById> {
  const found = new Map<string, Person>();
  await Promise.all(
    ids.map(async (id) => {
      const person = await people.person(id);
      if (person) found.set(id, person);
    }),
  );
  return found;
}

const ofClientsProfile = [
  'client.name',
  'client.title',
  'client.company',
  'client.timezone',
  'client.email',
  'client.phone',
  'client.isExternal',
];
const ofOperatorsProfile = ['operator.name', 'operator.email'];

/** The people whose profiles these properties are made of. `codes` undefined: all properties. */
export function peopleRead(facts: SessionFacts, codes: readonly string[] | undefined): string[] {
  const { clientUserId, operatorUserId, transcript, message } = facts;
  const reads = (code: string) => !codes || codes.includes(code);
  const ids = peopleOf({
    clientUserId: ofClientsProfile.some(reads) ? clientUserId : null,
    operatorUserId: ofOperatorsProfile.some(reads) ? operatorUserId : null,
    transcript: reads('session.transcript') ? transcript : [],
    message: null,
  });
  if (!message || !reads('message.text')) return ids;
  return [...new Set([...ids, ...mentionsIn(message.text)])];
}

/** A message's files for a condition, which only tests whether there are any: no need to ask Slack for their details. */
export function seenFiles(message: Pick<MessageFacts, 'files'> | null): FileValue[] {
  return (message?.files ?? []).flatMap((file) => {
    if ('missing' in file) return [];
    return 'fileId' in file ? [{ name: '', type: '', size: 0, link: '' }] : [file];
  });
}
