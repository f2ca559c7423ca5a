import { evaluateText } from '../expression.ts';
import { throwError } from '../throw-error.ts';
import type { Enter } from './entry.ts';

export const enterErrorEnd: Enter<'errorEnd'> = ({ run, key, behaviour, surroundings }) => {
  throwError(run, key, evaluateText(behaviour.errorCode, surroundings), '', {});
};
