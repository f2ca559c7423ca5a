import { LRUCache } from 'lru-cache';
import { keepTerms } from '../bindings/binding-terms.ts';
import { conditionProperties, decide } from '../bindings/decide.ts';
import { type KeptHeldBack, toKept } from '../bindings/kept-held-back.ts';
import { type Binding, listActiveBindings } from '../bindings/queries.ts';
import { atMost } from '../cache-size.ts';
import type { Db } from '../db/client.ts';
import { isOpenAt } from '../live-chats/business-hours.ts';
import type { LiveChat } from '../live-chats/live-chat.ts';
import type { Variables } from '../processes/value-types.ts';
import { propertyValues } from '../sessions/properties.ts';
import type { MessageFacts, SessionFacts } from '../sessions/session-facts.ts';
import { askAbout, peopleRead, seenFiles } from './known-people.ts';
import type { IntakeDependencies } from './record-event.ts';

export interface ClientMessage {
  liveChat: LiveChat;
  channelId: string;
  message: MessageFacts;
  at: Date;
}

/** The decision of a live chat's bindings about a client's message, made from the message alone. */
export interface Judgement {
  /** The bindings that were evaluated, each as `id:revision`. The judgement is void if they have changed. */
  judged: string[];
  /** Ids of the bindings that start their process. */
  starting: string[];
  heldBack: KeptHeldBack;
  /** True if the decision assumes that the author is the client; void if somebody chose another client. */
  readsClient: boolean;
}

export interface MessageJudge {
  /**
   * Decides about a message; undefined if the message alone is not enough. Throws UnavailableError if Slack does not answer.
   */
  judge(message: ClientMessage): Promise<Judgement | undefined>;
  /** Drops the cached bindings of a live chat, after they changed. */
  forget(liveChatId: string): void;
}

const events = ['client_first_message', 'message_received'] as const;

/** Properties that are known without reading the session; `client.…` unless somebody chose another client. */
const ofMessage = new Set([
  'liveChat.name',
  'session.link',
  'message.text',
  'message.link',
  'message.sentAt',
  'message.files',
  'message.reaction',
  'session.isBusinessHours',
]);
const isOfClient = (code: string) => code.startsWith('client.');

/** A cached copy of a live chat's bindings, with what every message needs of them. */
interface Copy {
  /** See {@link Judgement.judged}. */
  judged: string[];
  /** The bindings to try. */
  received: Binding[];
  /** Codes of the properties that conditions read. */
  codes: string[];
  readsClient: boolean;
  /** Ids of the stored conditions, by binding id. */
  terms: ReadonlyMap<string, number>;
}

/** Returns the ids of the stored conditions of bindings, and stores those that are not stored yet. */
type FindTerms = (bindings: readonly Binding[]) => Promise<ReadonlyMap<string, number>>;

/** Caches the ids: the conditions of one revision never change. */
function rememberTerms(db: Db): FindTerms {
  const known = new LRUCache<string, number>(atMost(10_000));
  return async (bindings) => {
    const kept = await keepTerms(
      db,
      bindings.filter((binding) => !known.has(revisionOf(binding))),
    );
    return new Map(
      bindings.flatMap((binding): [string, number][] => {
        const terms = kept.get(binding.id) ?? known.get(revisionOf(binding));
        if (terms === undefined) return [];
        known.set(revisionOf(binding), terms);
        return [[binding.id, terms]];
      }),
    );
  };
}

const revisionOf = ({ id, revision }: Pick<Binding, 'id' | 'revision'>) => `${id}:${revision}`;

async function makeCopy(db: Db, liveChatId: string, findTerms: FindTerms): Promise<Copy> {
  const bindings = await listActiveBindings(db, liveChatId, events);
  const received = bindings.filter(({ event }) => event === 'message_received');
  const codes = [...new Set(bindings.flatMap(({ conditions }) => conditionProperties(conditions) ?? []))];
  return {
    judged: bindings.map(revisionOf),
    received,
    codes,
    readsClient: codes.some(isOfClient),
    terms: await findTerms(received.filter(({ conditions }) => conditions !== null)),
  };
}

/**
 * Judges messages by a cached copy of the bindings, which may be outdated: the caller compares revisions when it records the
 * message.
 */
export function createMessageJudge({
  db,
  people,
  workspaceUrl,
}: Pick<IntakeDependencies, 'people' | 'workspaceUrl'> & { db: Db }): MessageJudge {
  const copies = new LRUCache<string, Promise<Copy>>({ max: 1000 });
  const findTerms = rememberTerms(db);
  const copyOf = (liveChatId: string) => {
    const known = copies.get(liveChatId);
    if (known) return known;
    const read = makeCopy(db, liveChatId, findTerms);
    copies.set(liveChatId, read);
    read.catch(() => copies.delete(liveChatId));
    return read;
  };
  return {
    async judge(given) {
      const { liveChat, at } = given;
      const { received, judged, codes, readsClient, terms } = await copyOf(liveChat.id);
      const decisions = decide(received, {
        values: codes.length > 0 ? await valuesOf(given, codes) : {},
        at,
        isKnown: (code) => ofMessage.has(code) || isOfClient(code),
        history: undefined,
      });
      if (!decisions) return undefined;
      const starting = decisions.filter(({ hindrance }) => !hindrance).map(({ binding }) => binding);
      // The fast path is one statement, which cannot read the transcript.
      if (starting.some(({ mapping }) => Object.values(mapping).includes('session.transcript'))) return undefined;
      return {
        judged,
        starting: starting.map(({ id }) => id),
        heldBack: toKept(decisions, terms),
        readsClient,
      };
    },
    forget: (liveChatId) => copies.delete(liveChatId),
  };

  async function valuesOf({ liveChat, channelId, message, at }: ClientMessage, codes: string[]): Promise<Variables> {
    const facts: SessionFacts = {
      liveChatName: liveChat.name,
      channelId,
      sessionName: '',
      status: 'open',
      messageCount: 0,
      openedAt: at.toISOString(),
      closedAt: null,
      clientUserId: message.userId,
      operatorUserId: null,
      isBusinessHours: isOpenAt(liveChat.businessHours, at),
      transcript: [],
      message,
    };
    const known = await askAbout(people, peopleRead(facts, codes));
    return propertyValues({ facts, people: known, workspaceUrl, files: seenFiles(message) }, codes);
  }
}
