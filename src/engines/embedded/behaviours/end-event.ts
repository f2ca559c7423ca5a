import { evaluateText } from '../expression.ts';
import { rootToken } from '../instance-state.ts';
import { terminateInside } from '../terminate.ts';
import { throwError } from '../throw-error.ts';
import type { Enter } from './entry.ts';

/** Ends everything in its scope, itself included; the scope goes on. */
export const enterTerminateEnd: Enter<'terminateEnd'> = ({ run, scope = rootToken }) => {
  terminateInside(run, scope);
  run.steps.push({ kind: 'settle', scope });
};

export const enterErrorEnd: Enter<'errorEnd'> = ({ run, key, behaviour, surroundings }) => {
  throwError(run, key, evaluateText(behaviour.errorCode, surroundings), '', {});
};
