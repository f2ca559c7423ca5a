import type { Variables } from '../../../processes/value-types.ts';
import { enterBehaviour } from './behaviours/behaviours.ts';
import { maximumAge, maximumTokens } from './bounds.ts';
import { addEffect } from './effects.ts';
import { eventOpenings } from './events.ts';
import { tokenAt } from './instance-state.ts';
import { joins } from './joins.ts';
import { listen } from './listeners.ts';
import type { ElementModel } from './model.ts';
import { setLoopVariables } from './multi-instance.ts';
import { addToken, attempt, elementAt, elementOf, type Run, stop } from './run.ts';
import type { Step } from './steps.ts';
import { applyInputs, restoreLocals, visibleVariables } from './variables.ts';

/** A token enters an element. A joining gateway is entered only by the last of the tokens that it waits for. */
export function enterElement(run: Run, step: Extract<Step, { kind: 'enter' }>): void {
  // The scope may have ended while the token was on its way.
  if (!tokenAt(run.state, step.scope)) return;
  const element = elementOf(run, step.elementId);
  if (!joins(run, element, step)) return;
  const { scope, loop, compensates } = step;
  const own = {
    ...(step.happened && { happened: true as const }),
    ...(loop && { loop: loop.number }),
    ...(compensates !== undefined && { compensates }),
  };
  const key = addToken(run, { element: element.id, scope, ...own });
  if (loop) setLoopVariables(run, key, loop.item);
  const brought = step.variables && { variables: step.variables };
  const excess = excessOf(run, step);
  if (excess !== undefined) {
    const reason = `${element.title}: ${excess}`;
    if (brought) Object.assign(tokenAt(run.state, key) ?? {}, { brought: step.variables });
    stop(run, key, { type: 'ENGINE_FAULT', at: step.happened ? 'leave' : 'enter', reason });
    return;
  }
  if (step.happened) run.steps.push({ kind: 'leave', token: key, ...brought });
  else activateElement(run, { kind: 'activate', token: key, ...brought });
}

function excessOf({ state }: Run, { age = 0, scope }: Step & { kind: 'enter' }): string | undefined {
  if (age > maximumAge) return `the process has gone through ${maximumAge} elements without waiting anywhere`;
  if (tokenAt(state, scope)?.spread || Object.keys(state.tokens).length <= maximumTokens) return undefined;
  return `the process is at more than ${maximumTokens} elements at once`;
}

/** The token passes its element, or waits there for a task, a job, an event or the scope inside. */
export function activateElement(run: Run, { token: key, variables }: Extract<Step, { kind: 'activate' }>): void {
  const token = tokenAt(run.state, key);
  if (!token || token.ending) return;
  const element = elementAt(run, key);
  const brought = variables ?? token.brought;
  delete token.brought;
  const { listening, local: before } = token;
  if (!listening) {
    attempt(run, key, element, { type: 'IO_MAPPING_ERROR', at: 'enter' }, () =>
      applyInputs(run.state, key, element.inputs, run.now),
    );
  }
  let isListening = false;
  if (!listening && !token.incident) {
    attempt(run, key, element, { type: 'EXTRACT_VALUE_ERROR', at: 'enter' }, () => {
      isListening = listen(run, key, 'start', { ...(before && { before }) });
    });
  }
  if (isListening) {
    if (brought) token.brought = brought;
    return;
  }
  // Its start listeners are done, or there are none.
  if (!token.incident) {
    delete token.listening;
    begin(run, key, token.scope, element, brought);
  }
  if (token.incident?.at !== 'enter') return;
  // Once the incident is resolved, everything is repeated from the previous state.
  delete token.listening;
  restoreLocals(token, listening ? listening.before : before);
  if (brought) token.brought = brought;
}

function begin(
  run: Run,
  key: number,
  scope: number | undefined,
  element: ElementModel,
  variables: Variables | undefined,
): void {
  const { behaviour } = element;
  attempt(run, key, element, { type: 'EXTRACT_VALUE_ERROR', at: 'enter' }, () => {
    const surroundings = { variables: visibleVariables(run.state, key), now: run.now };
    // Everything that may fail is evaluated before anything is opened.
    const openings = eventOpenings(key, element, surroundings);
    enterBehaviour({ run, key, scope, element, behaviour, surroundings, variables });
    for (const opening of openings) addEffect(run.effects, opening);
  });
}
