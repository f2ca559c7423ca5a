import { FeelEvaluationError } from '../../feel/feel.ts';
import type { Variables } from '../../processes/value-types.ts';
import type { Effect } from './effects.ts';
import { type HistoryEntries, note } from './history.ts';
import { type Incident, type InstanceState, type Token, tokenAt } from './instance-state.ts';
import { activityOf, type ElementModel, type FlowModel, type ProcessModel } from './model.ts';
import { withoutSourceMark } from './secret-marks.ts';

/** A gateway has no flow to take. */
export class NoFlowError extends FeelEvaluationError {
  constructor() {
    super('no condition is true, and there is no default flow');
  }
}

/** What is still to be done before the instance is quiescent. */
export type Step =
  /**
   * A token comes to an element, over a flow, or as the first of its scope, or caught by an event. `happened`: the element
   * is an event that has happened already, bringing the variables. `loop`: it is the activity inside the multi-instance
   * activity that is the scope. `compensates`: it is a compensation handler, for the event that the token is at.
   */
  | {
      kind: 'enter';
      elementId: string;
      scope: number;
      flowId?: string;
      happened?: true;
      loop?: number;
      compensates?: number;
      variables?: Variables;
    }
  /** A token that is at an element begins its work there. */
  | { kind: 'activate'; token: number; variables?: Variables }
  /** The token's element has done its work. `flows`: those that it takes, if not all. */
  | { kind: 'leave'; token: number; variables?: Variables; flows?: FlowModel[] }
  /** A scope may have lost its last token. */
  | { kind: 'settle'; scope: number };

/** The processes that called this one, as far as an instance has to know of them. */
export interface Outside {
  /** Whether an event there catches what is thrown here, and then ends the call. */
  catches(kind: 'error' | 'escalation', code: string): 'interrupting' | 'not interrupting' | undefined;
}

/** One command's way through the interpreter. */
export interface Run {
  model: ProcessModel;
  /** The run's own copy. */
  state: InstanceState;
  now: Date;
  outside: Outside;
  steps: Step[];
  effects: Effect[];
  history: HistoryEntries;
}

export function elementOf(run: Pick<Run, 'model'>, id: string): ElementModel {
  const element = run.model.elements.get(id);
  if (!element) throw new Error(`the process ${run.model.id} has no element ${id}`);
  return element;
}

/** The element that a token is at; inside a multi-instance activity, what is done there. */
export function elementAt(run: Pick<Run, 'model' | 'state'>, key: number): ElementModel {
  const token = tokenAt(run.state, key);
  if (!token) throw new Error(`the process ${run.model.id} has no token ${key}`);
  const element = elementOf(run, token.element);
  return token.loop === undefined ? element : activityOf(element);
}

export function addToken(run: Run, token: Token): number {
  const key = run.state.next++;
  run.state.tokens[key] = token;
  note(run.history, 'entered', token.scope === undefined ? [key, token.element] : [key, token.element, token.scope]);
  return key;
}

/** The token has done its work at its element, or was ended there. */
export function removeToken(run: Run, key: number, how: 'completed' | 'terminated'): void {
  delete run.state.tokens[key];
  note(run.history, how, key);
}

export function stop(run: Run, key: number, incident: Incident): void {
  const token = tokenAt(run.state, key);
  if (!token) return;
  token.incident = incident;
  note(run.history, 'stopped', [key, incident.reason]);
}

/** Does what may fail on the process's account (FEEL, mappings); a failure becomes an incident of the token. */
export function attempt(
  run: Run,
  key: number,
  element: ElementModel,
  kind: Omit<Incident, 'reason'>,
  body: () => void,
) {
  try {
    body();
  } catch (error) {
    if (!(error instanceof FeelEvaluationError)) throw error;
    const type = error instanceof NoFlowError ? 'CONDITION_ERROR' : kind.type;
    stop(run, key, { ...kind, type, reason: `${element.title}: ${withoutSourceMark(error.message)}` });
  }
}
