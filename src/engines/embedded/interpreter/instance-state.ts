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
  /** How many of the tokens that are kept apart, and are not here, have an incident. */
  stopped?: number;
}

export interface Token {
  element: string;
  /** The token of the process or sub-process that it is in; none for the process itself. */
  scope?: number;
  /** Of the process: the start event that it began with, if not the one of an ordinary start. */
  startedBy?: string;
  /** Variables of its own. */
  local?: Variables;
  /** Of a scope: gateway → flow → how many tokens arrived there and wait for those of the other flows. */
  arrived?: { [gateway: string]: { [flow: string]: number } };
  /** Of an event that had happened when the token came to it: nothing was opened for it. */
  happened?: true;
  /** Of one of a multi-instance activity: which one, from 1. */
  loop?: number;
  /** Of a multi-instance activity: how many are done. */
  completed?: number;
  /** The items of a multi-instance activity that has not begun with all of them. */
  items?: Json[];
  /** How many items it has not begun with, where all are to be done at once. */
  waiting?: number;
  /** Its list is long: it, and each of its instances with all that is inside, is kept apart from the rest of the state. */
  spread?: true;
  /** For a scope: element → number of tokens directly in it that are kept apart and are not here. */
  apart?: { [element: string]: number };
  /** How many elements in a row had been entered without waiting when it began, see steps.ts. */
  age?: number;
  /** Of a scope: what is done in it and can be compensated. */
  done?: Done[];
  /** Of a compensation event: how many handlers are still at it. */
  handlers?: number;
  /** Of a compensation handler: the token of the event that waits for it. */
  compensates?: number;
  /** Of a scope that an event sub-process interrupted: no other one can happen any more. */
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
  /** Of a connector's job: what its placeholders for secrets bear, see secret-marks.ts. */
  secretMark?: string;
  /** Its listeners are told of an event; kept to its end by the process, whose end nothing follows. */
  listening?: Listening;
  /** It is the job of a listener: of the token that is its scope. */
  isListener?: true;
  /** Of a user task: why a listener denied what somebody wanted of it last. */
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
  /** To the task, by who assigns it and by the listeners. */
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
  /** It is one instance of a multi-instance activity, which has no handler of its own. */
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

/** What stopped a token, and where it goes on once the cause is mended. */
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
