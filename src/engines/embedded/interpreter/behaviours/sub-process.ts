import { tokenAt } from '../instance-state.ts';
import type { Enter } from './entry.ts';

export const enterSubProcess: Enter<'subProcess'> = ({ run, key, behaviour, variables }) => {
  // For an event sub-process, the variables are those of its start event.
  const happened = { happened: true as const, ...(variables && { variables }) };
  const elementId = tokenAt(run.state, key)?.startedBy ?? behaviour.startElementId;
  run.steps.push({ kind: 'enter', elementId, scope: key, ...happened });
};
