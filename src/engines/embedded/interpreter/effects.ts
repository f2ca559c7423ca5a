import type { Variables } from '../../../processes/value-types.ts';
import type { Binding } from './model.ts';
import type { Due } from './timer-expression.ts';

/** Attributes of a new user task. Dates are ISO 8601. */
export interface TaskAttributes {
  assignee: string | undefined;
  candidateUsers: string[];
  candidateGroups: string[];
  dueDate: string | undefined;
  followUpDate: string | undefined;
}

/** Null removes the attribute. */
export type TaskChanges = { [Name in keyof TaskAttributes]?: TaskAttributes[Name] | null };

/** A change of a command outside the instance's state: rows that people, workers and timers look for. */
export type Effect =
  | ({ kind: 'openTask'; token: number; elementId: string } & TaskAttributes)
  | { kind: 'changeTask'; token: number; changes: TaskChanges }
  /** `by`: Slack id of the person who completed it. */
  | { kind: 'closeTask'; token: number; status: 'completed' | 'cancelled'; by?: string; changes?: TaskChanges }
  | { kind: 'openJob'; token: number; elementId: string; type: string; retries: number }
  | { kind: 'closeJob'; token: number }
  /** The job has an incident: no worker gets it until that is resolved. */
  | { kind: 'holdJob'; token: number; error: string }
  /** The incident is resolved: the job can be claimed again, with at least this many retries. */
  | { kind: 'releaseJob'; token: number; retries: number }
  | ({ kind: 'openTimer'; token: number; elementId: string } & Due)
  /** The timer has fired and will fire again. */
  | ({ kind: 'moveTimer'; token: number; elementId: string } & Due)
  | { kind: 'closeTimer'; token: number; elementId: string }
  /** Starts an instance of another process; the token waits for its end. */
  | { kind: 'callProcess'; token: number; processId: string; binding: Binding; variables: Variables; age: number }
  | { kind: 'closeCall'; token: number }
  | ({ kind: 'openSubscription'; token: number; elementId: string } & Awaited)
  | { kind: 'closeSubscription'; token: number; elementId: string }
  /** Broadcasts a signal, also to events of this command. */
  | { kind: 'broadcast'; name: string; variables: Variables }
  /** Throws to the calling process, which has an event that catches it. */
  | { kind: 'throwOutside'; thrown: Thrown };

export type Thrown =
  | { kind: 'error'; code: string; message: string; variables: Variables }
  | { kind: 'escalation'; code: string };

/** The event that a subscription waits for. */
export type Awaited =
  | { awaited: 'message'; name: string; correlationKey: string }
  | { awaited: 'signal'; name: string };

/** The opening effect that each closing effect cancels. */
const opens = {
  closeTask: ['openTask'],
  closeJob: ['openJob'],
  closeTimer: ['openTimer', 'moveTimer'],
  closeSubscription: ['openSubscription'],
  closeCall: ['callProcess'],
} satisfies { [kind: string]: Effect['kind'][] };

/**
 * Adds an effect. If it closes something that the same command opened, both are dropped, since no row was written yet.
 *
 * @returns whether the effect remains
 */
export function addEffect(effects: Effect[], effect: Effect): boolean {
  const opened = isClosing(effect) ? effects.findIndex((other) => isOpeningOf(other, effect)) : -1;
  const [undone] = opened >= 0 ? effects.splice(opened, 1) : [];
  // The row of a moved timer existed before.
  const isToDo = !undone || undone.kind === 'moveTimer';
  if (isToDo) effects.push(effect);
  return isToDo;
}

type Closing = Extract<Effect, { kind: keyof typeof opens }>;

function isClosing(effect: Effect): effect is Closing {
  return effect.kind in opens;
}

function isOpeningOf(effect: Effect, closing: Closing): boolean {
  const opening: Effect['kind'][] = opens[closing.kind];
  if (!opening.includes(effect.kind) || !('token' in effect) || effect.token !== closing.token) return false;
  return !('elementId' in closing) || !('elementId' in effect) || effect.elementId === closing.elementId;
}
