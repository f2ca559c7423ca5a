import type { EngineLink, ProcessInstance } from '../engine.ts';
import { startsOfInstances } from '../remote/requests.ts';
import type { Elma365Context } from './context.ts';
import { readInstanceKey } from './instance-key.ts';
import type { ElmaItem } from './web-api.ts';

/** States after which nothing changes any more. */
export const endedStates = ['done', 'cancel'];

export const stateOf = ({ __state }: ElmaItem): string => (typeof __state === 'string' ? __state : '');

export async function getInstance(context: Elma365Context, key: string): Promise<ProcessInstance | undefined> {
  const read = readInstanceKey(key);
  const item = read && (await context.api.get(read.id));
  if (!read || !item) return undefined;
  const starts = await startsOfInstances(context.database.db, context.engine, [key]);
  return {
    key,
    startId: starts.get(key)?.startId,
    correlationKey: undefined,
    waitingJoins: [],
    processDefinitionId: read.processDefinitionId,
    ...statusOf(item),
    // The names of ELMA365's own fields begin with two underscores.
    variables: Object.fromEntries(Object.entries(item).filter(([name]) => !name.startsWith('__'))),
  };
}

function statusOf(item: ElmaItem): Pick<ProcessInstance, 'status' | 'reason'> {
  switch (stateOf(item)) {
    case 'done':
      return { status: 'completed', reason: undefined };
    case 'cancel':
      return { status: 'terminated', reason: 'cancelled' };
    case 'error':
      return { status: 'incident', reason: undefined };
    default:
      return { status: 'active', reason: undefined };
  }
}

/** The page of an instance: its history, shown over the current page. */
export function instanceLink({ url, engineName }: Elma365Context, key: string): EngineLink | undefined {
  const read = readInstanceKey(key);
  return read && { engine: engineName, url: `${url}/(p:history/${encodeURIComponent(read.id)})` };
}
