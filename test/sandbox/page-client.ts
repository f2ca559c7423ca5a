import { EventEmitter, once } from 'node:events';
import { WebSocket } from 'ws';
import type {
  Answer,
  ChecklistStep,
  Hello,
  Push,
  RequestName,
  Requests,
  ShownConversation,
  ShownHome,
  ShownMessage,
  ShownModal,
  TrafficEntry,
  WireState,
} from '../../sandbox/page-server/protocol.ts';
import { waitUntil } from '../../sandbox/traffic.ts';

/** The state of a page, as pushed to it. */
export interface Seen {
  hello?: Hello;
  people: string[];
  conversations: Map<string, ShownConversation>;
  messages: Map<string, ShownMessage>;
  modals: ShownModal[];
  home: ShownHome | null;
  notices: string[];
  traffic: Map<string, TrafficEntry>;
  wire?: WireState;
  checklist: ChecklistStep[];
}

/** A page without a screen, which keeps its state like the real one. */
export class PageClient {
  readonly seen: Seen = {
    people: [],
    conversations: new Map(),
    messages: new Map(),
    modals: [],
    home: null,
    notices: [],
    traffic: new Map(),
    checklist: [],
  };
  readonly pushes: Push[] = [];
  readonly changes = new EventEmitter().setMaxListeners(0);
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const message = JSON.parse(data.toString()) as Push | Answer;
      if ('answer' in message) this.#waiting.get(message.answer)?.(message);
      else this.#told(message);
      this.changes.emit('change');
    });
  }

  /** Connects as a page of the sandbox at `url`, and acts as the person with that id, if given. */
  static async open(url: string, userId?: string): Promise<PageClient> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/sandbox/socket`, { origin: new URL(url).origin });
    const client = new PageClient(socket);
    await once(socket, 'open');
    await client.until(() => client.seen.hello);
    if (userId) await client.request('act_as', { userId });
    return client;
  }

  /** Resolves with the answer's result; rejects with its message for the person. */
  async request<Name extends RequestName>(name: Name, args: Requests[Name]['args']): Promise<Requests[Name]['result']> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, request: name, args }));
    const came = await answer;
    if (!came.ok) throw new Error(came.error);
    return came.result as Requests[Name]['result'];
  }

  /** Sends a raw text. */
  sendRaw(text: string): void {
    this.#socket.send(text);
  }

  /** Resolves with the code when the server closes the connection. */
  async closed(): Promise<number> {
    const [code] = await once(this.#socket, 'close');
    return code;
  }

  until<T>(condition: () => T | undefined | false, { timeoutMs = 5000 } = {}): Promise<T> {
    return waitUntil(this.changes, condition as () => T, { timeoutMs });
  }

  /** The conversation with that name. */
  conversation(name: string): ShownConversation {
    const found = [...this.seen.conversations.values()].find((one) => one.name === name);
    if (!found) throw new Error(`"${name}" is not shown`);
    return found;
  }

  /** Opens a conversation and loads its newest page. */
  async open(name: string): Promise<ShownMessage[]> {
    const { messages } = await this.request('open_conversation', { conversation: this.conversation(name).id });
    this.seen.messages = new Map(messages.map((message) => [message.ts, message]));
    return messages;
  }

  /** Waits for the message with this text in the open conversation. */
  message(text: string): Promise<ShownMessage> {
    return this.until(() => [...this.seen.messages.values()].find((message) => message.text.includes(text)));
  }

  get modal(): ShownModal {
    const top = this.seen.modals.at(-1);
    if (!top) throw new Error('No modal is shown');
    return top;
  }

  close(): void {
    this.#socket.terminate();
  }

  #told(push: Push): void {
    this.pushes.push(push);
    const { seen } = this;
    switch (push.push) {
      case 'hello':
        seen.hello = push;
        break;
      case 'people':
        seen.people = push.people.map((person) => person.name);
        break;
      case 'conversations':
        if (push.reset) seen.conversations.clear();
        for (const conversation of push.changed) seen.conversations.set(conversation.id, conversation);
        for (const id of push.removed) seen.conversations.delete(id);
        break;
      case 'messages':
        for (const message of push.changed) seen.messages.set(message.ts, message);
        for (const ts of push.removed) seen.messages.delete(ts);
        break;
      case 'modals':
        seen.modals = push.stack;
        break;
      case 'home':
        seen.home = push.home;
        break;
      case 'notice':
        seen.notices.push(push.text);
        break;
      case 'traffic':
        if (push.reset) seen.traffic.clear();
        for (const entry of push.entries) seen.traffic.set(entry.id, entry);
        break;
      case 'wire':
        seen.wire = push;
        break;
      case 'checklist':
        seen.checklist = push.steps;
        break;
    }
  }
}
