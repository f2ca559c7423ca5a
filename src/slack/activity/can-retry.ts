import type { Start } from '../../starts/queries.ts';

/** Whether there is something to retry: a start that never ran, or a process with an incident. */
export function canRetry({
  status,
  reason,
  processInstanceKey,
}: Pick<Start, 'status' | 'reason' | 'processInstanceKey'>) {
  return (status === 'failed' && processInstanceKey === null) || (status === 'running' && reason !== null);
}
