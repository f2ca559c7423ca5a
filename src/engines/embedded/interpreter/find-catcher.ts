import { tokenAt } from './instance-state.ts';
import type { CatchEvent } from './model.ts';
import { elementAt, type Run } from './run.ts';

/**
 * Finds the event that catches an error or escalation thrown at a token: the nearest one outwards, and in one place an event
 * with the exact code before one for all codes. As in Camunda 8, the search stops at a scope that an event sub-process has
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
