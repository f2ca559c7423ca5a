import type { Json, Variables } from '../../../processes/value-types.ts';
import type { TaskAttributes, TaskChanges } from './effects.ts';
import type { ListenerEvent } from './model.ts';
import type { Enter, Step } from './steps.ts';

/** Key of the token of the process itself. */
export const rootToken = 1;

/** The interpreter's state of an instance, stored as JSON. Kept small: it is read and written with every command. */
export interface InstanceState {
  /** Key of the next token. Keys are never reused, so rows of tasks, jobs and timers can refer to them. */
  next: number;
  /**
   * The active elements by token key, including the process and its sub-processes. Separately stored tokens are included only
   * if the command needs them.
   */
  tokens: { [key: string]: Token };
  /** Steps that the last command left. The next command continues them, so that other instances get their turn in between. */
  pending?: Step[];
  /** Number of tokens stored separately and not loaded that have an incident. */
  stopped?: number;
}

export interface Token {
  element: string;
  /** Token of the surrounding process or sub-process; undefined for the process itself. */
  scope?: number;
  /** For the process: the start event it began with, if not the plain one. */
  startedBy?: string;
  /** Variables of its own scope. */
  local?: Variables;
  /** For a scope: gateway → flow → number of tokens that arrived and wait for the other flows. */
  arrived?: { [gateway: string]: { [flow: string]: number } };
  /** For an event that happened before the token entered it: nothing was opened for it. */
  happened?: true;
  /** For an instance of a multi-instance activity: its number, from 1. */
  loop?: number;
  /** For a multi-instance activity: number of completed instances. */
  completed?: number;
  /** For a multi-instance activity whose instances have not all begun: its items. */
  items?: Json[];
  /** Number of items not begun yet, if all run in parallel. */
  waiting?: number;
  /**
   * True for a long multi-instance list: the activity, and each of its instances with everything inside, is stored separately.
   */
  spread?: true;
  /** For a scope: element → number of tokens directly in it that are stored separately and not loaded. */
  apart?: { [element: string]: number };
  /** Number of elements entered in a row without waiting when it began, see steps.ts. */
  age?: number;
  /** For a scope: completed work in it that can be compensated. */
  done?: Done[];
  /** For a compensation event: number of handlers still running. */
  handlers?: number;
  /** For a compensation handler: the token of the event that waits for it. */
  compensates?: number;
  /** For a scope that an event sub-process interrupted: no other one can be triggered. */
  interrupted?: true;
  /** The event sub-process that begins once everything interrupted has ended. */
  begins?: Enter;
  /**
   * Set while the token is ending: it does nothing any more, but listeners of something inside it, or of a called process, are
   * still running. Holds what begins once it is gone; for the process itself, the instance is over then.
   */
  ending?: Enter[];
  /** Variables of the event that led here, kept while an incident holds the token. */
  brought?: Variables;
  /** For a connector's job: the mark in its placeholders for secrets, see secret-marks.ts. */
  secretMark?: string;
  /** The event that its listeners are processing. The process keeps it after its end, since nothing follows. */
  listening?: Listening;
  /** True for a listener's job; its scope is the token that it belongs to. */
  isListener?: true;
  /** For a user task: why a listener denied the last operation. */
  denied?: string;
  incident?: Incident;
}

/** An event that listeners are processing, and the action that follows. */
export interface Listening {
  event: ListenerEvent;
  /** Index of the current listener, from 0. */
  index: number;
  /** `start`: the token's own variables before the listeners. */
  before?: Variables;
  /** `end`: ids of the flows to take, if not all. */
  flows?: string[];
  /** `creating`, and `assigning` by the process: attributes of the task that is not open yet. */
  opens?: TaskAttributes;
  /** Changes to the task by assignment and listeners. */
  changes?: TaskChanges;
  /** `completing`, `updating`: the submitted variables. */
  variables?: Variables;
  /** `completing`: Slack id of the person who completes the task. */
  by?: string;
  /** `updating`: the variables are the task's own. */
  isLocal?: boolean;
}

/** A completed activity that has a compensation handler, or contains one that has. */
export interface Done {
  element: string;
  /** True for one instance of a multi-instance activity without a handler of its own. */
  loop?: true;
  inside?: Done[];
}

export type IncidentType =
  | 'IO_MAPPING_ERROR'
  | 'EXTRACT_VALUE_ERROR'
  | 'CONDITION_ERROR'
  | 'UNHANDLED_ERROR_EVENT'
  | 'JOB_NO_RETRIES'
  | 'EXECUTION_LISTENER_NO_RETRIES'
  | 'TASK_LISTENER_NO_RETRIES'
  /** The process to call does not exist, or calls are nested too deeply. */
  | 'CALLED_ELEMENT_ERROR'
  | 'DECISION_EVALUATION_ERROR'
  /** The interpreter failed on a command and rolled it back. */
  | 'ENGINE_FAULT';

/** A problem that stopped a token, and where the token continues once it is resolved. */
export interface Incident {
  type: IncidentType;
  /**
   * `enter`: nothing was opened yet; `leave`: its work is done; `wait`: its task, job or timer still exists; a job or timer is
   * suspended.
   */
  at: 'enter' | 'leave' | 'wait';
  /** Names the element. */
  reason: string;
}

export function tokenAt(state: InstanceState, key: number): Token | undefined {
  return state.tokens[key];
}

/** The incident of the oldest token that has one. */
export function incidentOf(state: InstanceState): Incident | undefined {
  return Object.values(state.tokens).find((token) => token.incident)?.incident;
}
