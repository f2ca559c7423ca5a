import type { Json, Variables } from '../../../processes/value-types.ts';
import type { TaskAttributes, TaskChanges } from './effects.ts';
import type { ListenerEvent } from './model.ts';
import type { Enter, Step } from './steps.ts';

/** The key of the token that stands for the process itself. */
export const rootToken = 1;

/** All that the interpreter keeps of an instance, as JSON. Kept small: it is read and written with every command. */
export interface InstanceState {
  /** The key of the next token. Never used twice, so rows of tasks, jobs and timers can be keyed by it. */
  next: number;
  /**
   * By key: every element that is active now, the process and its sub-processes included; but those that are kept apart
   * only where a command is about them.
   */
  tokens: { [key: string]: Token };
  /** Steps that the last command left: the next one goes on with them, so that others have their turn in between. */
  pending?: Step[];
  /** Number of tokens stored separately and not loaded that have an incident. */
  stopped?: number;
}

export interface Token {
  element: string;
  /** The token of the process or sub-process that it is in; none for the process itself. */
  scope?: number;
  /** For the process: the start event that it began with, if not the ordinary one. */
  startedBy?: string;
  /** Variables of its own. */
  local?: Variables;
  /** For a scope: gateway → flow → number of tokens that arrived there and wait for those of other flows. */
  arrived?: { [gateway: string]: { [flow: string]: number } };
  /** For an event that had happened before the token entered it: nothing was opened for it. */
  happened?: true;
  /** For an instance of a multi-instance activity: its number, from 1. */
  loop?: number;
  /** For a multi-instance activity: number of completed instances. */
  completed?: number;
  /** The items of a multi-instance activity that has not begun with all of them. */
  items?: Json[];
  /** Number of items not begun yet, if all run in parallel. */
  waiting?: number;
  /** Its list is long: it, and each of its instances with all that is inside, is kept apart from the rest of the state. */
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
  /** What then begins in it, once nothing that it interrupted is left. */
  begins?: Enter;
  /**
   * It is ended and does nothing any more, but something inside it, or a process that it called, tells listeners of that.
   * What begins once it is gone; the process itself is over then.
   */
  ending?: Enter[];
  /** Variables of the event that led here, while an incident keeps the token from using them. */
  brought?: Variables;
  /** For a connector's job: the mark in its placeholders for secrets, see secret-marks.ts. */
  secretMark?: string;
  /** Its listeners are told of an event; kept to its end by the process, whose end nothing follows. */
  listening?: Listening;
  /** True for a listener's job; its scope is the token that it is about. */
  isListener?: true;
  /** For a user task: why a listener denied the last operation. */
  denied?: string;
  incident?: Incident;
}

/** An event that listeners are told of, and what is to be done after them. */
export interface Listening {
  event: ListenerEvent;
  /** The listener that is at it, from 0. */
  index: number;
  /** `start`: the variables of its own that the token had before. */
  before?: Variables;
  /** `end`: ids of the flows that it takes, if not all. */
  flows?: string[];
  /** `creating`, and `assigning` where the process assigns it: the task is not open yet. */
  opens?: TaskAttributes;
  /** Changes to the task by assignment and listeners. */
  changes?: TaskChanges;
  /** `completing`, `updating`: what somebody gave. */
  variables?: Variables;
  /** `completing`: Slack id of who completes the task. */
  by?: string;
  /** `updating`: the variables are the task's own. */
  isLocal?: boolean;
}

/** An activity that is done and has a compensation handler, or something inside it has. */
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
  /** The process that is to be called is not there, or there are too many in each other already. */
  | 'CALLED_ELEMENT_ERROR'
  | 'DECISION_EVALUATION_ERROR'
  /** The interpreter could not carry a command out, and rolled it back. */
  | 'ENGINE_FAULT';

/** The reason that stopped a token, and where it continues after it is resolved. */
export interface Incident {
  type: IncidentType;
  /** `enter`: nothing was opened yet; `leave`: its work is done; `wait`: its task, job or timer is still there, a job or timer held. */
  at: 'enter' | 'leave' | 'wait';
  /** Names the element. */
  reason: string;
}

export function tokenAt(state: InstanceState, key: number): Token | undefined {
  return state.tokens[key];
}

/** The first incident of an instance, oldest token first. */
export function incidentOf(state: InstanceState): Incident | undefined {
  return Object.values(state.tokens).find((token) => token.incident)?.incident;
}
