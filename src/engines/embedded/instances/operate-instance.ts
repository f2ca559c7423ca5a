import { sql } from 'drizzle-orm';
import { reservedVariables } from '../../../processes/reserved-variables.ts';
import { message } from '../../../words/message.ts';
import { EngineRefusedError, type SetVariables } from '../../engine.ts';
import { excessIn } from '../interpreter/bounds.ts';
import type { EngineContext } from './engine-context.ts';
import { InterpretationError } from './interpretation-error.ts';
import { isInstanceKey } from './read-instance.ts';
import { parseTokenKey } from './read-operations.ts';
import { runCommand } from './run-command.ts';

/** @throws EngineRefusedError */
export async function cancelInstance(context: EngineContext, instanceKey: string): Promise<void> {
  if (!isInstanceKey(instanceKey)) return;
  await runCommand(context, instanceKey, ({ isCalled }) => {
    if (isCalled) throw new EngineRefusedError(message('engine.calledByAnother'));
    return { kind: 'cancel' };
  });
}

/** @throws EngineRefusedError */
export async function setVariables(
  context: EngineContext,
  { scopeKey, variables, local }: SetVariables,
): Promise<void> {
  const reserved = Object.keys(variables).find((name) => reservedVariables.has(name));
  if (reserved !== undefined) throw new EngineRefusedError(`The variable “${reserved}” cannot be set`);
  const excess = excessIn(variables);
  if (excess !== undefined) throw new EngineRefusedError(excess);
  const scope = parseTokenKey(scopeKey);
  const isSet =
    scope &&
    (await runCommand(
      context,
      scope.instanceKey,
      ({ state }) =>
        state.tokens[scope.token] ? { kind: 'setVariables', token: scope.token, variables, local } : undefined,
      { about: scope.token },
    ));
  if (!isSet) throw new EngineRefusedError(`There is no active scope "${scopeKey}" to set variables in`);
}

/** @throws EngineRefusedError if its instance still cannot continue */
export async function resolveIncident(context: EngineContext, incidentKey: string, retries: number): Promise<void> {
  const at = parseTokenKey(incidentKey);
  if (!at) return;
  const { instanceKey, token } = at;
  try {
    await runCommand(
      context,
      instanceKey,
      async ({ state }, tx) => {
        const incident = state.tokens[token]?.incident;
        if (!incident) return undefined;
        // The failed command was put on hold.
        if (incident.type === 'ENGINE_FAULT') {
          const isItsOwn = sql`instance_key = ${instanceKey}::bigint and token = ${token}::int`;
          await tx.execute(sql`with timers as (
              update engine_timers set due_at = fires_at where ${isItsOwn} and due_at = 'infinity'),
            signals as (
              update engine_signal_deliveries set due_at = now() where ${isItsOwn} and due_at = 'infinity')
            update engine_subscriptions set due_at = now() where ${isItsOwn} and due_at = 'infinity'`);
        }
        return { kind: 'resolve', token, retries };
      },
      { cause: { token } },
    );
    context.wake('engine_due');
    context.wake('engine_events');
  } catch (error) {
    if (!(error instanceof InterpretationError)) throw error;
    throw new EngineRefusedError(error.message, { cause: error });
  }
}
