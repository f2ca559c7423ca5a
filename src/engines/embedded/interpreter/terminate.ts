import { closeEvents, closeWork, isAtWork } from './close-work.ts';
import { tokenAt } from './instance-state.ts';
import { listenToCancelling } from './listeners.ts';
import { countIn, type Run, removeToken, tokensIn } from './run.ts';
import type { Enter, Sweep } from './steps.ts';

/**
 * Ends a token with everything inside it. It is removed at once, unless `canceling` listeners of a user task must run, there or
 * in a called process: then the token only waits for them, and is removed afterwards.
 *
 * @param follows what begins once it is removed
 */
export function terminate(run: Run, key: number, ...follows: Enter[]): void {
  const token = tokenAt(run.state, key);
  if (!token) return;
  if (token.ending) {
    // The token was already ending; what was to follow then is replaced.
    token.ending = follows;
    return;
  }
  const isCancelled = isAtWork(token);
  terminateInside(run, key);
  const isCalling = closeWork(run, key, 'cancelled');
  closeEvents(run, key);
  delete token.incident;
  token.ending = follows;
  if (isCancelled && listenToCancelling(run, key)) return;
  if (isCalling || countIn(run, key) > 0) return;
  removeToken(run, key, 'terminated');
  for (const step of follows) run.steps.push(step);
}

/** Removes an ending token that nothing holds any more, and begins what was to follow. */
export function end(run: Run, key: number): void {
  const token = tokenAt(run.state, key);
  if (!token?.ending || token.scope === undefined) return;
  removeToken(run, key, 'terminated');
  for (const step of token.ending) run.steps.push(step);
  const around = tokenAt(run.state, token.scope);
  if (!around?.ending) run.steps.push({ kind: 'settle', scope: token.scope });
  else if (countIn(run, token.scope) === 0) end(run, token.scope);
}

/** Ends everything inside a scope, including tokens on their way. */
export function terminateInside(run: Run, scope: number): void {
  for (const key of tokensIn(run, scope)) terminate(run, key);
  const token = tokenAt(run.state, scope);
  run.steps.removeInto(scope);
  // Separately stored tokens end later, a few at a time; nothing can happen to them meanwhile.
  if (token?.apart) run.steps.keep({ kind: 'sweep', scope, before: run.state.next });
  delete token?.apart;
  delete token?.arrived;
  delete token?.waiting;
  delete token?.begins;
}

/** Ends some of the separately stored tokens of a scope that has ended. */
export function sweep(run: Run, { scope, before, loaded }: Sweep): void {
  if (loaded === 0) return;
  for (const key of loaded === undefined ? [] : tokensIn(run, scope)) {
    if (key >= before) continue;
    terminate(run, key);
    // Called processes are ended without waiting for them.
    abandon(run, key);
  }
  run.steps.keep({ kind: 'sweep', scope, before });
  run.steps.push({ kind: 'settle', scope });
}

function abandon(run: Run, key: number): void {
  if (!tokenAt(run.state, key)) return;
  for (const inside of tokensIn(run, key)) abandon(run, inside);
  removeToken(run, key, 'terminated');
}
