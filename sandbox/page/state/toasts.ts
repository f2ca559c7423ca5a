import { type Signal, signal } from '@preact/signals';

export interface Toast {
  id: number;
  text: string;
}

/** How long a notice stays, in milliseconds. */
const shownMs = 8000;

/** Short notices: what Slack says by the way, and what was refused. */
export class Toasts {
  readonly shown: Signal<Toast[]> = signal([]);
  #lastId = 0;

  show(text: string): void {
    this.#lastId += 1;
    const id = this.#lastId;
    this.shown.value = [...this.shown.peek().filter((toast) => toast.text !== text), { id, text }];
    setTimeout(() => this.dismiss(id), shownMs);
  }

  dismiss(id: number): void {
    this.shown.value = this.shown.peek().filter((toast) => toast.id !== id);
  }
}
