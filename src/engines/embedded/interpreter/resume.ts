import { note } from './history.ts';
import { rootToken, tokenAt } from './instance-state.ts';
import { listenAgain } from './listeners.ts';
import { countIn, elementAt, type Run, shownAs, tokensIn } from './run.ts';

/** Continues a token after its incident was resolved, without repeating completed work. */
export function resume(run: Run, key: number, retries: number): void {
  const token = tokenAt(run.state, key);
  if (!token?.incident) return;
  const { at } = token.incident;
  note(run.history, 'resumed', shownAs(key, token));
  if (at === 'leave' && key === rootToken) {
    delete token.incident;
    run.steps.push({ kind: 'settle', scope: key });
    return;
  }
  if (at === 'leave') {
    // The incident marks the work as closed; leaving removes it.
    run.steps.push({ kind: 'leave', token: key });
    return;
  }
  delete token.incident;
  // An instance that failed in its first steps has no tokens inside yet.
  const isUnbegun = key === rootToken && countIn(run, rootToken) === 0 && !token.arrived && !run.steps.hasWork();
  if (at === 'enter' || isUnbegun) run.steps.push({ kind: 'activate', token: key });
  else if (token.listening && tokensIn(run, key).size === 0) listenAgain(run, key);
  else if (elementAt(run, key).behaviour.kind === 'job') run.effects.push({ kind: 'releaseJob', token: key, retries });
}
