import { type Signal, signal } from '@preact/signals';

export interface Toast {
  id: number;
  text: string;
}

/** How long a notice is shown, in milliseconds. */
const shownMs = 8000;

/** Short notices: from Slack itself, and refusals of the server. */
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
