import type { Enter } from './entry.ts';

export const enterSubProcess: Enter<'subProcess'> = ({ run, key, behaviour, variables }) => {
  const brought = variables && { variables };
  run.steps.push({ kind: 'enter', elementId: behaviour.startElementId, scope: key, ...brought });
};
