import type { Enter } from './entry.ts';

export const enterSubProcess: Enter<'subProcess'> = ({ run, key, behaviour, variables }) => {
  // Of an event sub-process, they are those of its start event.
  const happened = { happened: true as const, ...(variables && { variables }) };
  run.steps.push({ kind: 'enter', elementId: behaviour.startElementId, scope: key, ...happened });
};
