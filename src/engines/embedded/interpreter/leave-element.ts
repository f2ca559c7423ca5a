import { completeHandler, rememberDone } from './compensation.ts';
import { rootToken, tokenAt } from './instance-state.ts';
import { completeLoop, returnCollection } from './multi-instance.ts';
import { attempt, countIn, elementAt, type Run, removeToken } from './run.ts';
import type { Step } from './steps.ts';
import { closeEvents, closeWork, terminateInside } from './terminate.ts';
import { applyOutputs, localsAround, propagate, restoreLocals, setLocals } from './variables.ts';

/** An element's work is done: its variables go where they belong, and the token on over its outgoing flows. */
export function leaveElement(run: Run, { token: key, variables, flows }: Extract<Step, { kind: 'leave' }>): void {
  const token = tokenAt(run.state, key);
  if (token?.scope === undefined) return;
  const { scope } = token;
  const element = elementAt(run, key);
  // Where it stopped on its way out, nothing is to happen to it any more: its work is done.
  closeWork(run, key, 'completed');
  closeEvents(run, key);
  delete token.incident;
  if (element.outputs.length === 0 && variables) propagate(run.state, key, variables);
  if (element.outputs.length > 0 && variables) setLocals(token, variables);
  const before = localsAround(run.state, key);
  attempt(run, key, element, { type: 'IO_MAPPING_ERROR', at: 'leave' }, () =>
    applyOutputs(run.state, key, element.outputs, run.now),
  );
  const enough = !token.incident && completeLoop(run, key);
  if (token.incident) {
    // It is all done again once it is resolved.
    for (const [scope, local] of before) restoreLocals(scope, local);
    return;
  }
  returnCollection(run, key);
  rememberDone(run, token);
  completeHandler(run, token);
  removeToken(run, key, 'completed');
  if (enough) terminateInside(run, scope);
  for (const { id, target } of element.outgoing) {
    if (flows && !flows.includes(id)) continue;
    run.steps.push({ kind: 'enter', elementId: target, scope, flowId: id });
  }
  run.steps.push({ kind: 'settle', scope });
}

/** A scope without a token in it or on its way is done: a sub-process goes on, the process is completed. */
export function settleScope(run: Run, { scope }: Extract<Step, { kind: 'settle' }>): void {
  const token = tokenAt(run.state, scope);
  if (!token || token.arrived || countIn(run, scope) > 0) return;
  if (run.steps.leadInto(scope) || run.steps.leadOutOf(scope)) return;
  if (scope !== rootToken) run.steps.push({ kind: 'leave', token: scope });
}
