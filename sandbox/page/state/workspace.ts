import { batch, computed, signal } from '@preact/signals';
import type {
  Hello,
  Push,
  RequestName,
  Requests,
  ShownConversation,
  ShownHome,
  ShownMessage,
  ShownModal,
  ShownPerson,
  ShownUserGroup,
} from '../../page-server/protocol.ts';
import { Connection, RefusedError } from './connection.ts';
import { MessageStore } from './message-store.ts';
import { hashOf, type Place, placeOf } from './place.ts';
import { Toasts } from './toasts.ts';
import { Wire } from './wire.ts';

/** The page's copy of everything that the acting person sees; sends their requests. */
export class Workspace {
  readonly connected = signal(false);
  readonly hello = signal<Hello | undefined>(undefined);
  readonly people = signal<Map<string, ShownPerson>>(new Map());
  readonly userGroups = signal<ShownUserGroup[]>([]);
  readonly conversations = signal<Map<string, ShownConversation>>(new Map());
  readonly modals = signal<ShownModal[]>([]);
  readonly home = signal<ShownHome | null>(null);
  readonly place = signal<Place | undefined>(placeOf(location.hash));
  readonly messages = signal<MessageStore | undefined>(undefined);
  readonly thread = signal<MessageStore | undefined>(undefined);
  readonly toasts = new Toasts();
  readonly wire: Wire;

  /** The acting person. */
  readonly me = computed(() => {
    const handle = this.place.value?.handle;
    return [...this.people.value.values()].find((person) => person.handle === handle);
  });
  /** The open conversation, if the person may see it. */
  readonly conversation = computed(() => this.conversations.value.get(this.place.value?.at ?? ''));

  readonly #connection: Connection;
  /** The acting person, conversation and thread that this connection has opened on the server. */
  #shown: { userId?: string; conversation?: string; thread?: string | undefined } = {};
  /** The last place of each person. */
  readonly #lastPlaces = new Map<string, Place>();

  constructor(url: string) {
    this.#connection = new Connection({
      url,
      onPush: (push) => batch(() => this.#receive(push)),
      onState: (connected) => {
        this.connected.value = connected;
        this.#shown = {};
      },
    });
    this.wire = new Wire((name, args) => this.request(name, args));
    window.addEventListener('hashchange', () => {
      this.place.value = placeOf(location.hash);
      this.#follow();
    });
    this.#connection.open();
  }

  /** Sends a request; rejects if the server refuses it. */
  request<Name extends RequestName>(name: Name, args: Requests[Name]['args']): Promise<Requests[Name]['result']> {
    return this.#connection.request(name, args);
  }

  /** Sends a request. If the server refuses it, shows a notice and returns undefined. */
  async ask<Name extends RequestName>(
    name: Name,
    args: Requests[Name]['args'],
  ): Promise<Requests[Name]['result'] | undefined> {
    try {
      return await this.request(name, args);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      this.toasts.show(error.message);
      return undefined;
    }
  }

  /** Goes to another conversation, a thread, or to another person's last place. */
  go(place: Partial<Place>): void {
    const here = this.place.peek();
    const handle = place.handle ?? here?.handle;
    if (!handle) return;
    const there = handle !== here?.handle && place.at === undefined ? this.#lastPlaces.get(handle) : undefined;
    const next = there ?? { handle, at: place.at, thread: place.thread };
    if (hashOf(next) !== location.hash) location.hash = hashOf(next);
  }

  /** Opens the direct messages with the app, or its home tab. */
  async openApp(tab: 'home' | 'messages'): Promise<void> {
    const opened = await this.ask('open_app', { tab });
    if (opened) this.go({ at: tab === 'home' ? 'home' : opened.conversation });
  }

  #receive(push: Push): void {
    switch (push.push) {
      case 'hello':
        this.#begin(push);
        return;
      case 'people':
        this.people.value = new Map(push.people.map((person) => [person.id, person]));
        this.userGroups.value = push.userGroups;
        this.#follow();
        return;
      case 'conversations': {
        const all = new Map(push.reset ? [] : this.conversations.peek());
        for (const one of push.changed) all.set(one.id, one);
        for (const id of push.removed) all.delete(id);
        this.conversations.value = all;
        this.#follow();
        return;
      }
      case 'messages':
        this.#applyMessages(push.conversation, push.changed, push.removed);
        return;
      case 'modals':
        this.modals.value = push.stack;
        return;
      case 'home':
        this.home.value = push.home;
        return;
      case 'notice':
        this.toasts.show(push.text);
        return;
      default:
        this.wire.receive(push);
    }
  }

  #begin(hello: Hello): void {
    if (this.hello.peek()?.epoch !== hello.epoch) {
      this.conversations.value = new Map();
      this.#lastPlaces.clear();
      this.wire.forget();
    }
    this.modals.value = [];
    this.home.value = null;
    this.hello.value = hello;
    this.#shown = {};
  }

  #applyMessages(conversation: string, changed: ShownMessage[], removed: string[]): void {
    if (conversation !== this.#shown.conversation) return;
    this.messages.peek()?.apply(changed, removed);
    this.thread.peek()?.apply(changed, removed);
  }

  /** Opens on the server what the place names: acting person, conversation, thread. */
  #follow(): void {
    if (!this.hello.peek() || this.people.peek().size === 0) return;
    const me = this.me.peek();
    if (!me || me.isApp) {
      this.#goToSomebody();
      return;
    }
    if (this.#shown.userId !== me.id) {
      this.#shown = { userId: me.id };
      this.conversations.value = new Map();
      this.modals.value = [];
      this.home.value = null;
      this.messages.value = undefined;
      this.thread.value = undefined;
      void this.ask('act_as', { userId: me.id });
    }
    const place = this.place.peek();
    if (!place || this.conversations.peek().size === 0) return;
    const named = place.at?.startsWith('~') ? this.#channelNamed(place.at.slice(1)) : undefined;
    if (named) {
      location.replace(hashOf({ handle: place.handle, at: named }));
      return;
    }
    if (place.at !== 'home' && !this.conversation.peek()) {
      this.#goToFirst(place.handle);
      return;
    }
    this.#lastPlaces.set(place.handle, place);
    const conversation = place.at === 'home' ? undefined : place.at;
    if (conversation !== this.#shown.conversation) this.#openConversation(conversation);
    if (conversation && place.thread !== this.#shown.thread) this.#openThread(conversation, place.thread);
  }

  #goToSomebody(): void {
    const first = [...this.people.peek().values()].find((person) => !person.isApp && !person.isDeactivated);
    if (first) location.replace(hashOf({ handle: first.handle }));
  }

  #channelNamed(name: string): string | undefined {
    return [...this.conversations.peek().values()].find((one) => one.name === name)?.id;
  }

  #goToFirst(handle: string): void {
    const all = [...this.conversations.peek().values()];
    const mine = all.filter((one) => one.kind === 'channel' && one.isMember && !one.isArchived);
    const first = mine.find((one) => one.isGeneral) ?? mine[0] ?? all[0];
    if (first) location.replace(hashOf({ handle, at: first.id }));
  }

  #openConversation(conversation: string | undefined): void {
    this.#shown = {
      ...(this.#shown.userId ? { userId: this.#shown.userId } : {}),
      ...(conversation ? { conversation } : {}),
    };
    this.thread.value = undefined;
    if (!conversation) {
      this.messages.value = undefined;
      void this.ask('open_conversation', { conversation: null });
      return;
    }
    const store = new MessageStore({
      loadOlder: (before) => this.request('load_messages', { conversation, before }),
      belongs: (message) => message.isInChannel,
    });
    this.messages.value = store;
    void this.ask('open_conversation', { conversation }).then((page) => page && batch(() => store.begin(page)));
  }

  #openThread(conversation: string, threadTs: string | undefined): void {
    this.#shown.thread = threadTs;
    if (!threadTs) {
      this.thread.value = undefined;
      return;
    }
    const store = new MessageStore({
      loadOlder: (before) => this.request('load_messages', { conversation, threadTs, before }),
      belongs: (message) => message.ts === threadTs || message.threadTs === threadTs,
    });
    this.thread.value = store;
    void this.ask('load_messages', { conversation, threadTs }).then((page) => page && batch(() => store.begin(page)));
  }
}
