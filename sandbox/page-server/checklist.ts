import type { Core } from '../core.ts';
import type { Delivery } from '../traffic.ts';
import type { ChecklistStep } from './protocol.ts';

/** A step, and how to detect that it was done. */
export interface ChecklistTask extends Omit<ChecklistStep, 'isDone'> {
  /** Whether this delivery, which the app acknowledged, shows that the step was done. Absent: a person ticks it off. */
  isShownBy?: (delivery: Delivery) => boolean;
}

/** The steps to try first. They are ticked off by deliveries that were really made. */
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

  /** Marks the step as done. */
  tick(id: string): void {
    if (this.#isDone(id)) return;
    this.#core.state.done.push(id);
    this.#core.traffic.changed();
  }

  #isDone(id: string): boolean {
    return this.#core.state.done.includes(id);
  }
}
