import type { Db } from '../../../db/client.ts';
import type { Variables } from '../../../processes/value-types.ts';
import { isSwitchedOff } from '../../switched-off.ts';
import { beginInside, insertFailedInstance } from '../instances/begin-instance.ts';
import type { EngineContext } from '../instances/engine-context.ts';
import { UnknownVersionError } from '../instances/instance-tree.ts';
import { InterpretationError } from '../instances/interpretation-error.ts';
import { wakeFor } from '../instances/run-command.ts';
import type { TreeInstance } from '../instances/run-tree.ts';

export interface EventStart {
  /** Identifies the event: one event never starts two instances. */
  startId: string;
  /** The start event. */
  elementId: string;
  /** Variables that the event brings. */
  variables: Variables;
  /** The variables that the instance begins with, reserved ones included. */
  initial?: Variables;
  /** The instance receives only messages after this time. */
  hearsAfter?: number;
}

/**
 * Starts instances of a process version in the transaction that also records the event, so that nothing is started twice.
 *
 * @param work is given a function that begins an instance and returns its key; undefined if the process is switched off, and
 * nothing began
 */
export async function beginByEvent(
  context: EngineContext,
  definitionKey: number,
  work: (tx: Db, begin: (start: EventStart) => Promise<string | undefined>) => Promise<void>,
): Promise<void> {
  const { definitions } = context;
  const { model } = await definitions.get(definitionKey);
  const begun: TreeInstance[] = [];
  try {
    await context.db.transaction((tx) =>
      work(tx, async ({ startId, elementId, variables, initial = {}, hearsAfter }) => {
        if (await isSwitchedOff(tx, model.id)) return undefined;
        const command = { kind: 'start', variables: initial, by: { elementId, variables } } as const;
        const instance = { definitionKey, model, startId, hearsAfter };
        try {
          const { key, instances } = await beginInside(tx, context, instance, command);
          begun.push(...instances);
          return key;
        } catch (error) {
          if (!(error instanceof InterpretationError)) throw error;
          return insertFailedInstance(tx, context, instance, command, error);
        }
      }),
    );
  } catch (error) {
    if (!(error instanceof UnknownVersionError)) throw error;
    await definitions.get(error.key);
    return beginByEvent(context, definitionKey, work);
  }
  if (begun.length > 0) wakeFor(context, begun, true);
}
