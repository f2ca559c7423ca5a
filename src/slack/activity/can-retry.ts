import type { Start } from '../../starts/queries.ts';

/** Whether there is something to be tried again: a start that never ran, or a process that hangs. */
export function canRetry({
  status,
  reason,
  processInstanceKey,
}: Pick<Start, 'status' | 'reason' | 'processInstanceKey'>) {
  return (status === 'failed' && processInstanceKey === null) || (status === 'running' && reason !== null);
}
