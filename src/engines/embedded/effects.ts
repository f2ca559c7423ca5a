import type { Variables } from '../../processes/value-types.ts';

/** What a command changes beside the instance's state: rows that people, workers and clocks look for. */
export type Effect =
  | {
      kind: 'openTask';
      token: number;
      elementId: string;
      assignee: string | undefined;
      candidateUsers: string[];
      candidateGroups: string[];
    }
  | { kind: 'closeTask'; token: number; status: 'completed' | 'cancelled' }
  | { kind: 'openJob'; token: number; elementId: string; type: string; retries: number }
  | { kind: 'closeJob'; token: number }
  /** An incident: no worker gets the job until it is resolved. */
  | { kind: 'holdJob'; token: number; error: string }
  /** The incident is resolved: the job may be claimed again, and as many attempts may fail at least. */
  | { kind: 'releaseJob'; token: number; retries: number }
  | { kind: 'openTimer'; token: number; elementId: string; dueAt: Date }
  | { kind: 'closeTimer'; token: number; elementId: string }
  /** Thrown at the process that called this one, which catches it. */
  | { kind: 'throwOutside'; thrown: Thrown };

export type Thrown =
  | { kind: 'error'; code: string; message: string; variables: Variables }
  | { kind: 'escalation'; code: string };

const opens = { closeTask: 'openTask', closeJob: 'openJob', closeTimer: 'openTimer' } as const;

/** Adds an effect; closing what the same command opened leaves neither, for no row was ever to be seen. */
export function addEffect(effects: Effect[], effect: Effect): void {
  if (effect.kind === 'closeTask' || effect.kind === 'closeJob' || effect.kind === 'closeTimer') {
    const opened = effects.findIndex(
      (other) =>
        other.kind === opens[effect.kind] &&
        other.token === effect.token &&
        (effect.kind !== 'closeTimer' || (other.kind === 'openTimer' && other.elementId === effect.elementId)),
    );
    if (opened >= 0) {
      effects.splice(opened, 1);
      return;
    }
  }
  effects.push(effect);
}
