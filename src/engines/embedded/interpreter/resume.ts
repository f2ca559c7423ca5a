import { note } from './history.ts';
import { rootToken, tokenAt } from './instance-state.ts';
import { listenAgain } from './listeners.ts';
import { countIn, elementAt, type Run, shownAs, tokensIn } from './run.ts';

/** The cause of a token's incident is mended: it goes on where it stopped, and what was done is not done again. */
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
    // The incident says that its work is closed; leaving takes it away.
    run.steps.push({ kind: 'leave', token: key });
    return;
  }
  delete token.incident;
  // An instance that could not take its first steps has nothing but itself.
  const isUnbegun = key === rootToken && countIn(run, rootToken) === 0 && !token.arrived && !run.steps.hasWork();
  if (at === 'enter' || isUnbegun) run.steps.push({ kind: 'activate', token: key });
  else if (token.listening && tokensIn(run, key).size === 0) listenAgain(run, key);
  else if (elementAt(run, key).behaviour.kind === 'job') run.effects.push({ kind: 'releaseJob', token: key, retries });
}
