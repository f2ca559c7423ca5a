import { FeelEvaluationError } from '../../../feel/feel.ts';
import type { Effect } from './effects.ts';
import { type HistoryEntries, note } from './history.ts';
import { type Incident, type IncidentType, type InstanceState, type Token, tokenAt } from './instance-state.ts';
import { activityOf, type ElementModel, type ProcessModel, standalone } from './model.ts';
import { withoutSourceMark } from './secret-marks.ts';
import type { Steps } from './steps.ts';

/** A gateway has no flow to take. */
export class NoFlowError extends FeelEvaluationError {
  constructor() {
    super('no condition is true, and there is no default flow');
  }
}

/** A decision could not be evaluated. */
export class DecisionError extends FeelEvaluationError {}

/** The surroundings of an instance: the processes that called it, and the job types that have workers. */
export interface Outside {
  /** Whether there is a handler or worker for jobs of a type. */
  doesJobs(type: string): boolean;
  /** Whether a caller's event catches what is thrown here, and whether it then interrupts the call. */
  catches(kind: 'error' | 'escalation', code: string): 'interrupting' | 'not interrupting' | undefined;
}

/** The state of the interpreter during one command. */
export interface Run {
  model: ProcessModel;
  /** The state that this run changes. */
  state: InstanceState;
  /** Scope → the tokens directly in it. An index, since every step needs it and a multi-instance activity has thousands. */
  inside: Map<number, Set<number>>;
  now: Date;
  outside: Outside;
  steps: Steps;
  effects: Effect[];
  history: HistoryEntries;
}

/** Begins the run of one command on an instance. */
export function newRun(given: Pick<Run, 'model' | 'state' | 'now' | 'outside' | 'steps'>): Run {
  const inside: Run['inside'] = new Map();
  for (const [key, token] of Object.entries(given.state.tokens)) putInside(inside, Number(key), token);
  return { ...given, inside, effects: [], history: {} };
}

function putInside(inside: Run['inside'], key: number, { scope }: Token): void {
  if (scope === undefined) return;
  const others = inside.get(scope);
  if (others) others.add(key);
  else inside.set(scope, new Set([key]));
}

/** Number of tokens directly in a scope, including those stored separately. */
export function countIn(run: Pick<Run, 'inside' | 'state'>, scope: number): number {
  const apart = Object.values(tokenAt(run.state, scope)?.apart ?? {});
  return apart.reduce((sum, count) => sum + count, tokensIn(run, scope).size);
}

/** Keys of the loaded tokens directly in a scope. */
export function tokensIn({ inside }: Pick<Run, 'inside'>, scope: number): ReadonlySet<number> {
  return inside.get(scope) ?? none;
}

const none: ReadonlySet<number> = new Set();

/** The element with this id. Throws an Error if the process has none. */
export function elementOf(run: Pick<Run, 'model'>, id: string): ElementModel {
  const element = run.model.elements.get(id);
  if (!element) throw new Error(`the process ${run.model.id} has no element ${id}`);
  return element;
}

/** The element of a token; inside a multi-instance activity, the inner activity. */
export function elementAt(run: Pick<Run, 'model' | 'state'>, key: number): ElementModel {
  const token = tokenAt(run.state, key);
  if (!token) throw new Error(`the process ${run.model.id} has no token ${key}`);
  if (token.isListener && token.scope !== undefined) return listenerAt(run, token.scope);
  const element = elementOf(run, token.element);
  return token.loop === undefined ? element : activityOf(element);
}

/** The current listener's job, as an element. */
function listenerAt(run: Pick<Run, 'model' | 'state'>, key: number): ElementModel {
  const element = elementAt(run, key);
  const { event = 'start', index = 0 } = tokenAt(run.state, key)?.listening ?? {};
  const listener = element.listeners[event]?.[index];
  if (!listener) throw new Error(`the element ${element.id} has no ${event} listener ${index + 1}`);
  const headers =
    'headers' in element.behaviour ? { ...element.behaviour.headers, ...listener.headers } : listener.headers;
  return {
    id: element.id,
    name: element.name,
    title: `${element.title}, listener of its ${event}`,
    behaviour: { kind: 'job', type: listener.type, retries: listener.retries, headers },
    listeners: {},
    ...standalone(),
  };
}

/** Adds a token and returns its key. */
export function addToken(run: Run, token: Token): number {
  const key = run.state.next++;
  run.state.tokens[key] = token;
  putInside(run.inside, key, token);
  // A listener belongs to its element.
  if (token.isListener) return key;
  note(run.history, 'entered', token.scope === undefined ? [key, token.element] : [key, token.element, token.scope]);
  return key;
}

/** Removes a token that has completed its element or was ended there. */
export function removeToken(run: Run, key: number, how: 'completed' | 'terminated'): void {
  const token = tokenAt(run.state, key);
  const scope = token?.scope;
  if (scope !== undefined) run.inside.get(scope)?.delete(key);
  delete run.state.tokens[key];
  if (!token?.isListener) note(run.history, how, key);
}

/** Raises an incident at a token. */
export function stop(run: Run, key: number, incident: Incident): void {
  const token = tokenAt(run.state, key);
  if (!token) return;
  token.incident = incident;
  note(run.history, 'stopped', [shownAs(key, token), incident.reason]);
}

/** The token's key in the history; a listener is shown as its element. */
export const shownAs = (key: number, { isListener, scope }: Token): number =>
  isListener && scope !== undefined ? scope : key;

/** Runs work that may fail because of the process (FEEL, mappings); a failure becomes an incident of the token. */
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
    const type = typeOf(error) ?? kind.type;
    stop(run, key, { ...kind, type, reason: `${element.title}: ${withoutSourceMark(error.message)}` });
  }
}

function typeOf(error: FeelEvaluationError): IncidentType | undefined {
  if (error instanceof NoFlowError) return 'CONDITION_ERROR';
  return error instanceof DecisionError ? 'DECISION_EVALUATION_ERROR' : undefined;
}
