import type { Core } from '../core.ts';
import type { Delivery } from '../traffic.ts';
import type { ChecklistStep } from './protocol.ts';

/** A step, and how to tell that it was done. */
export interface ChecklistTask extends Omit<ChecklistStep, 'isDone'> {
  /** Does this delivery, which the app acknowledged, show that it was done? Absent: somebody ticks it off. */
  isShownBy?: (delivery: Delivery) => boolean;
}

/** What there is to try first; its steps tick themselves off by what really happened on the wire. */
export class Checklist {
  readonly #core: Core;
  readonly #tasks: ChecklistTask[];

  constructor(core: Core, tasks: ChecklistTask[]) {
    this.#core = core;
    this.#tasks = tasks;
    core.traffic.onChange.on('delivery', (delivery) => {
      if (delivery.state !== 'acknowledged') return;
      for (const task of tasks) if (!this.#isDone(task.id) && task.isShownBy?.(delivery)) this.tick(task.id);
    });
  }

  get steps(): ChecklistStep[] {
    return this.#tasks.map(({ isShownBy: _, ...task }) => ({ ...task, isDone: this.#isDone(task.id) }));
  }

  /** The step was done. */
  tick(id: string): void {
    if (this.#isDone(id)) return;
    this.#core.state.done.push(id);
    this.#core.traffic.changed();
  }

  #isDone(id: string): boolean {
    return this.#core.state.done.includes(id);
  }
}
