import { FeelEvaluationError } from '../../feel/feel.ts';
import type { Variables } from '../../processes/value-types.ts';
import { addEffect, type Effect } from './effects.ts';
import { type Incident, type InstanceState, type Token, tokenAt, tokensIn } from './instance-state.ts';
import type { ElementModel, ProcessModel } from './model.ts';
import { withoutSourceMark } from './secret-marks.ts';

/** What is still to be done before the instance is quiescent. */
export type Step =
  /** A token comes to an element, over a flow, or as the first of its scope, or caught by a boundary event. */
  | { kind: 'enter'; elementId: string; scope: number; flowId?: string; variables?: Variables }
  /** The token's element has done its work. */
  | { kind: 'leave'; token: number; variables?: Variables }
  /** A scope may have lost its last token. */
  | { kind: 'settle'; scope: number };

/** One command's way through the interpreter. */
export interface Run {
  model: ProcessModel;
  /** The run's own copy. */
  state: InstanceState;
  now: Date;
  steps: Step[];
  effects: Effect[];
}

export function elementOf(run: Run, id: string): ElementModel {
  const element = run.model.elements.get(id);
  if (!element) throw new Error(`the process ${run.model.id} has no element ${id}`);
  return element;
}

export function addToken(run: Run, token: Token): number {
  const key = run.state.next++;
  run.state.tokens[key] = token;
  return key;
}

export function stop(run: Run, key: number, incident: Incident): void {
  const token = tokenAt(run.state, key);
  if (token) token.incident = incident;
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
    stop(run, key, { ...kind, reason: `${element.title}: ${withoutSourceMark(error.message)}` });
  }
}

/** Closes the task, job or timer that the token waits for. */
export function closeWork(run: Run, key: number, task: 'completed' | 'cancelled'): void {
  const token = tokenAt(run.state, key);
  // What an incident stopped at its door has opened nothing; what it stopped on the way out has closed it.
  if (!token || (token.incident && token.incident.at !== 'wait')) return;
  const kind = run.model.elements.get(token.element)?.behaviour.kind;
  if (kind === 'userTask') addEffect(run.effects, { kind: 'closeTask', token: key, status: task });
  if (kind === 'job') addEffect(run.effects, { kind: 'closeJob', token: key });
  if (kind === 'timer') addEffect(run.effects, { kind: 'closeTimer', token: key, elementId: token.element });
}

/** Closes the timers of the activity's boundary events. */
export function closeBoundaries(run: Run, key: number): void {
  const token = tokenAt(run.state, key);
  if (!token || token.incident?.at === 'enter') return;
  for (const boundary of run.model.elements.get(token.element)?.boundaries ?? []) {
    if (boundary.kind !== 'timer') continue;
    addEffect(run.effects, { kind: 'closeTimer', token: key, elementId: boundary.elementId });
  }
}

/** Ends a token where it stands, with everything inside it. */
export function terminate(run: Run, key: number): void {
  terminateInside(run, key);
  closeWork(run, key, 'cancelled');
  closeBoundaries(run, key);
  delete run.state.tokens[key];
}

/** Ends everything inside a scope, tokens on their way included. */
export function terminateInside(run: Run, scope: number): void {
  for (const [key] of tokensIn(run.state, scope)) terminate(run, key);
  delete tokenAt(run.state, scope)?.arrived;
  run.steps = run.steps.filter((step) => step.kind !== 'enter' || step.scope !== scope);
}
