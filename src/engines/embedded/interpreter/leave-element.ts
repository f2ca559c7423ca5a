import type { Variables } from '../../../processes/value-types.ts';
import { closeEvents, closeWork } from './close-work.ts';
import { completeHandler, rememberDone } from './compensation.ts';
import { rootToken, type Token, tokenAt } from './instance-state.ts';
import { listenToEnd } from './listeners.ts';
import type { ElementModel } from './model.ts';
import { completeLoop, returnCollection } from './multi-instance.ts';
import { attempt, countIn, elementAt, type Run, removeToken } from './run.ts';
import type { Step } from './steps.ts';
import { terminateInside } from './terminate.ts';
import { applyOutputs, localsAround, propagate, restoreLocals, setLocals } from './variables.ts';

/** Leaves an element whose work is done: applies its output mappings, runs its end listeners and passes the token on. */
export function leaveElement(run: Run, step: Extract<Step, { kind: 'leave' }>): void {
  const { token: key, variables, flows, task } = step;
  const token = tokenAt(run.state, key);
  if (token?.scope === undefined || token.ending) return;
  const element = elementAt(run, key);
  const before = new Map<Token, Variables | undefined>();
  if (token.listening?.event === 'end') {
    delete token.listening;
  } else {
    // An element with an incident on leaving receives no more events, since its work is done.
    closeWork(run, key, 'completed', task);
    closeEvents(run, key);
    delete token.incident;
    if (element.outputs.length === 0 && variables) propagate(run.state, key, variables);
    if (element.outputs.length > 0 && variables) setLocals(token, variables);
    for (const [around, local] of localsAround(run.state, key)) before.set(around, local);
    attempt(run, key, element, { type: 'IO_MAPPING_ERROR', at: 'leave' }, () =>
      applyOutputs(run.state, key, element.outputs, run.now),
    );
    if (!token.incident && listenToEnd(run, key, flows)) return;
  }
  const enough = !token.incident && completeLoop(run, key);
  if (token.incident) {
    // Everything is repeated once the incident is resolved.
    for (const [around, local] of before) restoreLocals(around, local);
    return;
  }
  returnCollection(run, key);
  rememberDone(run, token);
  completeHandler(run, token);
  removeToken(run, key, 'completed');
  if (enough || element.behaviour.kind === 'terminateEnd') terminateInside(run, token.scope);
  passOn(run, token.scope, element, flows);
  run.steps.push({ kind: 'settle', scope: token.scope });
}

/** @param flows ids of the flows to take, if not all */
function passOn(run: Run, scope: number, { behaviour, outgoing }: ElementModel, flows?: readonly string[]): void {
  if (behaviour.kind === 'linkThrow') run.steps.push({ kind: 'enter', elementId: behaviour.targetId, scope });
  for (const { id, target } of outgoing) {
    if (flows && !flows.includes(id)) continue;
    run.steps.push({ kind: 'enter', elementId: target, scope, flowId: id });
  }
}

/** Completes a scope that has no token in it or on its way: a sub-process continues, the process ends. */
export function settleScope(run: Run, { scope }: Extract<Step, { kind: 'settle' }>): void {
  const token = tokenAt(run.state, scope);
  if (!token || token.ending || token.arrived || countIn(run, scope) > 0) return;
  if (run.steps.leadInto(scope) || run.steps.leadOutOf(scope)) return;
  if (token.begins) {
    run.steps.push(token.begins);
    delete token.begins;
    return;
  }
  if (scope !== rootToken) run.steps.push({ kind: 'leave', token: scope });
  else if (!token.listening && !token.incident && elementAt(run, scope).listeners.end) {
    closeEvents(run, scope);
    token.interrupted = true;
    listenToEnd(run, scope);
  }
}
