import { sql } from 'drizzle-orm';
import { marked } from '../../../db/due-queue.ts';
import { selectRows } from '../../../db/query.ts';
import { storableText } from '../../../storable.ts';
import { EngineRefusedError, type PublishMessage } from '../../engine.ts';
import type { EngineContext } from '../instances/engine-context.ts';
import { instant, json, storableOrNull } from '../instances/sql-values.ts';
import { excessIn } from '../interpreter/bounds.ts';
import { maximumName } from '../interpreter/expression.ts';
import { lockCorrelation } from './correlation-lock.ts';
import { isSpent } from './forget-messages.ts';

/**
 * Stores a message for the receivers that wait now, and, during its time to live, for later ones. Which receivers wait now is
 * decided here, under a lock that keeps others from beginning to wait; the event worker delivers the message.
 *
 * @throws EngineRefusedError
 */
export async function publishMessage({ db, now, wake }: EngineContext, message: PublishMessage): Promise<void> {
  refuseUnusable(message);
  const { variables, timeToLiveMs, messageId, saidAt, startsProcesses = true } = message;
  const [name, correlationKey] = [storableText(message.name), storableText(message.correlationKey ?? '')];
  const expiresAt = new Date(now().getTime() + timeToLiveMs);
  const id = storableOrNull(messageId);
  await db.transaction(async (tx) => {
    await lockCorrelation(tx, [{ name, correlationKey }]);
    if (id !== null) {
      // The id of a spent message can be reused.
      await tx.execute(sql`delete from engine_messages m
        where name = ${name} and correlation_key = ${correlationKey} and message_id = ${id} and ${isSpent(now())}`);
    }
    await selectRows(
      tx,
      // One subscription per process: the oldest that has not been given another message.
      sql`with waiting as (
          select distinct on (process_id) instance_key, token, element_id from engine_subscriptions
          where kind = 'message' and name = ${name} and correlation_key = ${correlationKey}
            and coalesce(hears_after < ${saidAt ?? null}::bigint, true)
          order by process_id, (due_at is not null), instance_key, token),
        start as (
          select ${startsProcesses} and exists (
            select from engine_start_events where kind = 'message' and name = ${name}) as is_start),
        message as (
          insert into engine_messages
            (name, correlation_key, message_id, variables, said_at, expires_at, starts_due_at)
          select ${name}, ${correlationKey}, ${id}, ${json(variables)}, ${saidAt ?? null}::bigint, ${instant(expiresAt)},
            case when is_start then now() end
          from start where is_start or ${timeToLiveMs}::float8 > 0 or exists (select from waiting)
          on conflict do nothing returning key)
        update engine_subscriptions s set due_at = ${marked(sql`s.due_at`)} from waiting w, message
        where s.instance_key = w.instance_key and s.token = w.token and s.element_id = w.element_id`,
    );
  });
  wake('engine_events');
}

function refuseUnusable({ name, correlationKey = '', timeToLiveMs, variables }: PublishMessage): void {
  const excess = excessIn(variables);
  if (excess !== undefined) throw new EngineRefusedError(excess);
  if (name === '' || name.length > maximumName) {
    throw new EngineRefusedError(`A message's name has 1 to ${maximumName} characters`);
  }
  if (correlationKey.length > maximumName) {
    throw new EngineRefusedError(`A correlation key has at most ${maximumName} characters`);
  }
  if (!(timeToLiveMs >= 0 && timeToLiveMs < 1e13)) throw new EngineRefusedError('A time to live is 0 ms or more');
}
