import { enterBehaviour } from './behaviours/behaviours.ts';
import { joins } from './behaviours/parallel-gateway.ts';
import { addEffect } from './effects.ts';
import { eventOpenings } from './events.ts';
import { tokenAt } from './instance-state.ts';
import { addToken, attempt, elementOf, type Run, type Step } from './run.ts';
import { applyInputs, visibleVariables } from './variables.ts';

/** A token comes to an element; at a gateway that joins, the last of those it waits for. */
export function enterElement(run: Run, step: Extract<Step, { kind: 'enter' }>): void {
  // The scope may have ended while the token was on its way.
  if (!tokenAt(run.state, step.scope)) return;
  const element = elementOf(run, step.elementId);
  if (element.behaviour.kind === 'parallelGateway' && !joins(run, element, step)) return;
  const key = addToken(run, { element: element.id, scope: step.scope });
  activateElement(run, { kind: 'activate', token: key, ...(step.variables && { variables: step.variables }) });
}

/** The token passes its element, or waits there for a task, a job, an event or the scope inside. */
export function activateElement(run: Run, { token: key, variables }: Extract<Step, { kind: 'activate' }>): void {
  const token = tokenAt(run.state, key);
  if (!token) return;
  const element = elementOf(run, token.element);
  attempt(run, key, element, { type: 'IO_MAPPING_ERROR', at: 'enter' }, () =>
    applyInputs(run.state, key, element.inputs, run.now),
  );
  if (token.incident) return;
  const { behaviour } = element;
  const type = behaviour.kind === 'exclusiveGateway' ? 'CONDITION_ERROR' : 'EXTRACT_VALUE_ERROR';
  attempt(run, key, element, { type, at: 'enter' }, () => {
    const surroundings = { variables: visibleVariables(run.state, key), now: run.now };
    // All that may fail is evaluated before anything is opened.
    const openings = eventOpenings(key, element, surroundings);
    enterBehaviour({ run, key, scope: token.scope, element, behaviour, surroundings, variables });
    for (const opening of openings) addEffect(run.effects, opening);
  });
}
