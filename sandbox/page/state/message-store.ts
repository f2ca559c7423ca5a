import { type Signal, signal } from '@preact/signals';
import type { MessagePage, ShownMessage } from '../../page-server/protocol.ts';

/** The index of this `ts` in messages sorted by `ts`, or the index at which to insert it. */
export function indexOfTs(messages: ShownMessage[], ts: string): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((messages[middle]?.ts ?? '') < ts) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The loaded messages of a conversation or thread, oldest first; loads older pages on demand. */
export class MessageStore {
  readonly messages: Signal<ShownMessage[]> = signal([]);
  readonly hasOlder = signal(false);
  /** `loading` until the first page has arrived. */
  readonly state = signal<'loading' | 'ready'>('loading');
  readonly #loadOlder: (before: string) => Promise<MessagePage>;
  readonly #belongs: (message: ShownMessage) => boolean;
  #loadingOlder = false;

  constructor(options: {
    loadOlder: (before: string) => Promise<MessagePage>;
    belongs: (message: ShownMessage) => boolean;
  }) {
    this.#loadOlder = options.loadOlder;
    this.#belongs = options.belongs;
  }

  /** Adds the newest page. Messages pushed in the meantime are newer, and stay. */
  begin(page: MessagePage): void {
    const pushed = this.messages.peek();
    this.messages.value = page.messages.filter(this.#belongs);
    this.hasOlder.value = page.hasOlder;
    this.state.value = 'ready';
    this.apply(pushed, []);
  }

  /** Inserts or replaces pushed messages by their `ts`, and removes deleted ones. */
  apply(changed: ShownMessage[], removed: string[]): void {
    const gone = new Set(removed);
    const next = this.messages.peek().filter((message) => !gone.has(message.ts));
    for (const message of changed) {
      const at = indexOfTs(next, message.ts);
      const isThere = next[at]?.ts === message.ts;
      if (!this.#belongs(message)) {
        if (isThere) next.splice(at, 1);
      } else if (isThere) {
        next[at] = message;
      } else if (at > 0 || !this.hasOlder.peek()) {
        next.splice(at, 0, message);
      }
    }
    this.messages.value = next;
  }

  /** Loads the previous page; resolves when it was added. `beforeShown` is called right before that. */
  async older(beforeShown: () => void): Promise<void> {
    const first = this.messages.peek()[0];
    if (!first || !this.hasOlder.peek() || this.#loadingOlder) return;
    this.#loadingOlder = true;
    try {
      const page = await this.#loadOlder(first.ts);
      const older = page.messages.filter((message) => this.#belongs(message) && message.ts < first.ts);
      beforeShown();
      this.messages.value = [...older, ...this.messages.peek()];
      this.hasOlder.value = page.hasOlder;
    } finally {
      this.#loadingOlder = false;
    }
  }
}
