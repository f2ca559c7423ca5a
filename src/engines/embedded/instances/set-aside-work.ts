import type { SQL } from 'drizzle-orm';
import type { SetAsideReason } from '../../../db/queue-worker.ts';
import { driverError } from '../../../db/unavailable.ts';
import { reasonOf } from '../../../errors.ts';
import type { EngineContext } from './engine-context.ts';
import { lockInstances } from './instance-tree.ts';
import { InterpretationError } from './interpretation-error.ts';
import { recordFault, tellFault } from './run-command.ts';

/**
 * Turns work that repeatedly fails or crashes the process into an incident. Runs no interpreter, since that may be what
 * crashes. Resolving the incident tries the work again.
 *
 * @param hold suspends the work until then; undefined: the work is the token's job
 */
export async function setAsideWork(
  context: EngineContext,
  { instanceKey, token }: { instanceKey: string; token: number },
  reason: SetAsideReason,
  hold?: () => SQL,
): Promise<void> {
  const said =
    reason.kind === 'unfinished'
      ? 'it was under way when Kickoff stopped unexpectedly, three times'
      : reasonOf(driverError(reason.error));
  const fault = new InterpretationError(said);
  await context.db.transaction(async (tx) => {
    await recordFault(context, tx, await lockInstances(tx, instanceKey, token), fault, {
      cause: { token, ...(hold && { hold }) },
    });
    if (hold) await tx.execute(hold());
  });
  tellFault(context, instanceKey, fault);
}
