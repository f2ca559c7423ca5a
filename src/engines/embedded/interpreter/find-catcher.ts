import { tokenAt } from './instance-state.ts';
import type { CatchEvent } from './model.ts';
import { elementAt, type Run } from './run.ts';

/**
 * The event that catches what is thrown at a token: the nearest one, from there outwards; at one place, an event for just
 * this code comes before one for every code. As in Camunda 8, nobody looks beyond a scope that an event sub-process has
 * interrupted.
 *
 * @param from undefined: outside the process
 */
export function findCatcher(
  run: Pick<Run, 'model' | 'state'>,
  from: number | undefined,
  kind: 'error' | 'escalation',
  code: string,
): { token: number; event: CatchEvent } | undefined {
  for (let key = from; key !== undefined; key = tokenAt(run.state, key)?.scope) {
    const token = tokenAt(run.state, key);
    if (!token || token.interrupted) return undefined;
    const { events } = elementAt(run, key);
    const catching = (wanted: string | undefined) =>
      events.find(({ trigger }) => trigger.kind === kind && trigger.code === wanted);
    const event = catching(code) ?? catching(undefined);
    if (event) return { token: key, event };
  }
  return undefined;
}
