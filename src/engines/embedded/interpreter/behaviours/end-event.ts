import { evaluateText } from '../expression.ts';
import { rootToken } from '../instance-state.ts';
import { removeToken } from '../run.ts';
import { terminateInside } from '../terminate.ts';
import { throwError } from '../throw-error.ts';
import type { Enter } from './entry.ts';

/** Ends everything else in its scope; the scope goes on. */
export const enterTerminateEnd: Enter<'terminateEnd'> = ({ run, key, scope = rootToken }) => {
  removeToken(run, key, 'completed');
  terminateInside(run, scope);
  run.steps.push({ kind: 'settle', scope });
};

export const enterErrorEnd: Enter<'errorEnd'> = ({ run, key, behaviour, surroundings }) => {
  throwError(run, key, evaluateText(behaviour.errorCode, surroundings), '', {});
};
