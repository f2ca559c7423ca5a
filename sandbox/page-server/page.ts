import type { Core } from '../core.ts';
import type { Choice } from '../driver/choices.ts';
import { Person } from '../driver/person.ts';
import type { Call, Delivery } from '../traffic.ts';
import type { Checklist } from './checklist.ts';
import type { PageSession } from './page-session.ts';
import type { Push, ShownConversation } from './protocol.ts';
import { showConversations } from './show-conversation.ts';
import { isShownTo, showMessage } from './show-message.ts';
import { showPeople } from './show-people.ts';
import { showEntry, showTraffic } from './show-traffic.ts';
import { showHome, showModals } from './show-views.ts';
import { showWire } from './show-wire.ts';
import { Uploads } from './uploads.ts';

/** Number of elements whose suggestions are remembered. */
const mostSuggestions = 50;

export interface PageOptions {
  core: Core;
  checklist: Checklist;
  connections: () => number;
  reset: () => Promise<void>;
  send: (push: Push) => void;
}

/** One connected page: its acting person, its open conversation, and what was already pushed to it. */
export class Page implements PageSession {
  readonly core: Core;
  readonly checklist: Checklist;
  readonly uploads = new Uploads();
  readonly reset: () => Promise<void>;
  readonly #options: PageOptions;
  #person: Person | undefined;
  #conversation: string | null = null;
  /** The workspace's revision of messages that was pushed last. */
  #revision = 0;
  #notices = 0;
  #conversations: Map<string, string> | undefined;
  /** The last push of each kind that is always sent in full, as JSON. */
  readonly #said = new Map<Push['push'], string>();
  /** Traffic that is still to be pushed, while the page watches it. */
  #traffic: Set<Call | Delivery> | undefined;
  readonly #suggestions = new Map<string, Map<string, Choice>>();

  constructor(options: PageOptions) {
    this.#options = options;
    this.core = options.core;
    this.checklist = options.checklist;
    this.reset = options.reset;
  }

  get person(): Person {
    if (!this.#person) throw new Error('Nobody acts here yet');
    return this.#person;
  }

  actAs = (userId: string): void => {
    this.#person = new Person(this.core, userId);
    this.#conversation = null;
    this.#conversations = undefined;
    this.#notices = this.#person.notices.length;
    this.#suggestions.clear();
    for (const push of ['modals', 'home'] as const) this.#said.delete(push);
  };

  follow = (conversation: string | null): void => {
    this.#conversation = conversation;
    this.#revision = this.core.state.revision;
  };

  watchTraffic = (on: boolean): void => {
    this.#traffic = on ? new Set() : undefined;
    if (on) this.#options.send({ push: 'traffic', reset: true, entries: showTraffic(this.core) });
  };

  suggestionsOf = (key: string): Map<string, Choice> => {
    const known = this.#suggestions.get(key);
    if (known) return known;
    const [oldest] = this.#suggestions.keys();
    if (this.#suggestions.size >= mostSuggestions && oldest !== undefined) this.#suggestions.delete(oldest);
    const suggestions = new Map<string, Choice>();
    this.#suggestions.set(key, suggestions);
    return suggestions;
  };

  knows = (push: 'modals' | 'home'): void => {
    this.#said.set(push, JSON.stringify(this.#whole(push)));
  };

  /** Called for a new or changed delivery or call. */
  wentOn(entry: Call | Delivery): void {
    this.#traffic?.add(entry);
  }

  /** Pushes everything that changed since the last push. */
  tell(): void {
    this.#tellWhole('people', showPeople(this.core));
    this.#tellWhole('wire', showWire(this.core, this.#options.connections()));
    this.#tellWhole('checklist', { steps: this.checklist.steps });
    if (this.#traffic && this.#traffic.size > 0) {
      const entries = [...this.#traffic].map((entry) => showEntry(this.core, entry));
      this.#traffic.clear();
      this.#options.send({ push: 'traffic', reset: false, entries });
    }
    if (!this.#person) return;
    this.#tellConversations(this.#person);
    this.#tellMessages(this.#person);
    for (const push of ['modals', 'home'] as const) this.#tellWhole(push, this.#whole(push));
    for (const text of this.#person.notices.slice(this.#notices)) this.#options.send({ push: 'notice', text });
    this.#notices = this.#person.notices.length;
  }

  #whole(push: 'modals' | 'home') {
    const { id } = this.person;
    return push === 'modals' ? { stack: showModals(this.core, id) } : { home: showHome(this.core, id) };
  }

  #tellWhole(push: Push['push'], content: object): void {
    const text = JSON.stringify(content);
    if (this.#said.get(push) === text) return;
    this.#said.set(push, text);
    this.#options.send({ push, ...content } as Push);
  }

  #tellConversations(person: Person): void {
    const before = this.#conversations;
    const now = new Map<string, string>();
    const changed: ShownConversation[] = [];
    for (const conversation of showConversations(this.core, person.id)) {
      const text = JSON.stringify(conversation);
      now.set(conversation.id, text);
      if (before?.get(conversation.id) !== text) changed.push(conversation);
    }
    const removed = [...(before?.keys() ?? [])].filter((id) => !now.has(id));
    this.#conversations = now;
    if (before && changed.length === 0 && removed.length === 0) return;
    this.#options.send({ push: 'conversations', reset: before === undefined, changed, removed });
  }

  #tellMessages(person: Person): void {
    const { state } = this.core;
    const channel = this.#conversation === null ? undefined : state.channels[this.#conversation];
    if (!channel || this.#revision === state.revision) return;
    // People who were removed from a private channel get no more of its messages.
    if (!this.#conversations?.has(channel.id)) return;
    const news = channel.messages.filter((message) => message.revision > this.#revision);
    this.#revision = state.revision;
    if (news.length === 0) return;
    const shown = news.filter((message) => isShownTo(message, person.id));
    this.#options.send({
      push: 'messages',
      conversation: channel.id,
      changed: shown.map((message) => showMessage(this.core, person.id, channel, message)),
      removed: news.filter((message) => !shown.includes(message)).map((message) => message.ts),
    });
  }
}
