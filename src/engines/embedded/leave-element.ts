import { completeHandler, rememberDone } from './compensation.ts';
import { rootToken, tokenAt, tokensIn } from './instance-state.ts';
import { completeLoop, returnCollection } from './multi-instance.ts';
import { attempt, elementAt, type Run, removeToken, type Step } from './run.ts';
import { closeEvents, closeWork, terminateInside } from './terminate.ts';
import { applyOutputs, propagate, setLocals } from './variables.ts';

/** An element's work is done: its variables go where they belong, and the token on over its outgoing flows. */
export function leaveElement(run: Run, { token: key, variables, flows }: Extract<Step, { kind: 'leave' }>): void {
  const token = tokenAt(run.state, key);
  if (token?.scope === undefined) return;
  const { scope } = token;
  const element = elementAt(run, key);
  closeWork(run, key, 'completed');
  delete token.incident;
  if (element.outputs.length > 0) {
    if (variables) setLocals(token, variables);
    attempt(run, key, element, { type: 'IO_MAPPING_ERROR', at: 'leave' }, () =>
      applyOutputs(run.state, key, element.outputs, run.now),
    );
    if (token.incident) return;
  } else if (variables) {
    propagate(run.state, key, variables);
  }
  const enough = completeLoop(run, key);
  if (token.incident) return;
  returnCollection(run, key);
  rememberDone(run, token);
  completeHandler(run, token);
  closeEvents(run, key);
  removeToken(run, key, 'completed');
  if (enough) terminateInside(run, scope);
  for (const { id, target } of flows ?? element.outgoing)
    run.steps.push({ kind: 'enter', elementId: target, scope, flowId: id });
  run.steps.push({ kind: 'settle', scope });
}

/** A scope without a token in it or on its way is done: a sub-process goes on, the process is completed. */
export function settleScope(run: Run, { scope }: Extract<Step, { kind: 'settle' }>): void {
  const token = tokenAt(run.state, scope);
  if (!token || token.arrived || tokensIn(run.state, scope).length > 0) return;
  if (run.steps.some((step) => step.kind === 'enter' && step.scope === scope)) return;
  if (run.steps.some((step) => step.kind === 'leave' && step.token === scope)) return;
  if (scope !== rootToken) run.steps.push({ kind: 'leave', token: scope });
}
