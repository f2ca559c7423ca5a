import { FeelEvaluationError } from '../../../feel/feel.ts';
import type { Json, Variables } from '../../../processes/value-types.ts';
import type { Effect } from './effects.ts';
import { type HistoryEntries, note } from './history.ts';
import { type Incident, type InstanceState, type Token, tokenAt } from './instance-state.ts';
import { activityOf, type ElementModel, type FlowModel, type ProcessModel } from './model.ts';
import { createQueue, type Queue } from './queue.ts';
import { withoutSourceMark } from './secret-marks.ts';

/** A gateway has no flow to take. */
export class NoFlowError extends FeelEvaluationError {
  constructor() {
    super('no condition is true, and there is no default flow');
  }
}

/** One of a multi-instance activity's list, from number 1. */
export interface LoopItem {
  number: number;
  item: Json;
}

/** What is still to be done before the instance is quiescent. */
export type Step =
  /**
   * A token comes to an element, over a flow, or as the first of its scope, or caught by an event. `happened`: the element
   * is an event that has happened already, bringing the variables. `loop`: it is the activity inside the multi-instance
   * activity that is the scope, for this item. `compensates`: it is a compensation handler, for the event that the token is
   * at.
   */
  | {
      kind: 'enter';
      elementId: string;
      scope: number;
      flowId?: string;
      happened?: true;
      loop?: LoopItem;
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
  /** Scope → the tokens directly in it: looked up with every step, among thousands in a multi-instance activity. */
  inside: Map<number, Set<number>>;
  now: Date;
  outside: Outside;
  steps: Queue<Step>;
  effects: Effect[];
  history: HistoryEntries;
}

export function newRun(model: ProcessModel, state: InstanceState, now: Date, outside: Outside): Run {
  const inside: Run['inside'] = new Map();
  for (const [key, token] of Object.entries(state.tokens)) putInside(inside, Number(key), token);
  return { model, state, inside, now, outside, steps: createQueue(), effects: [], history: {} };
}

function putInside(inside: Run['inside'], key: number, { scope }: Token): void {
  if (scope === undefined) return;
  const others = inside.get(scope);
  if (others) others.add(key);
  else inside.set(scope, new Set([key]));
}

/** The keys of the tokens directly in a scope. */
export function tokensIn({ inside }: Pick<Run, 'inside'>, scope: number): ReadonlySet<number> {
  return inside.get(scope) ?? none;
}

const none: ReadonlySet<number> = new Set();

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
  putInside(run.inside, key, token);
  note(run.history, 'entered', token.scope === undefined ? [key, token.element] : [key, token.element, token.scope]);
  return key;
}

/** The token has done its work at its element, or was ended there. */
export function removeToken(run: Run, key: number, how: 'completed' | 'terminated'): void {
  const scope = tokenAt(run.state, key)?.scope;
  if (scope !== undefined) run.inside.get(scope)?.delete(key);
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
