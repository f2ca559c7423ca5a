import { type SQL, sql } from 'drizzle-orm';

/** SQL condition on a message `m`: the receiver may take it, given when it was sent. */
export const isHeardBy = (hearer: SQL): SQL => sql`coalesce(m.said_at > ${hearer}.hears_after, true)`;

/** The order in which messages `m` are taken. */
export const inOrderSaid = sql`m.said_at, m.key`;

/**
 * A part of the statement that writes instances, `i`. A subscription for which a buffered message exists is due at once. The
 * caller has locked the correlations.
 */
export const openSubscription = sql`insert into engine_subscriptions
    (instance_key, token, element_id, kind, name, correlation_key, process_id, since, hears_after, due_at)
  select i.key, x.token, x."elementId", x.awaited, x.name, x."correlationKey", d.process_id,
    case x.awaited when 'message' then nextval('engine_messages_key_seq') end,
    case x.awaited when 'message' then i.hears_after end,
    case when exists (
      select from engine_messages m
      where x.awaited = 'message' and m.name = x.name and m.correlation_key = x."correlationKey"
        and m.expires_at > i.now and ${isHeardBy(sql`i`)}
        and not exists (select from engine_correlations c where c.message_key = m.key and c.process_id = d.process_id)
    ) then now() end
  from i join engine_definitions d on d.key = i.definition_key,
    jsonb_to_recordset(i."openSubscription") as x(token int, "elementId" text, awaited text,
      name text, "correlationKey" text)`;

/** A part of the same statement; {@link lookForMessage} reads from it. */
export const closeSubscription = sql`delete from engine_subscriptions s using i,
    jsonb_to_recordset(i."closeSubscription") as x(token int, "elementId" text)
  where s.instance_key = i.key and s.token = x.token and s.element_id = x."elementId"
  returning s.kind, s.name, s.correlation_key, s.process_id, s.instance_key, s.due_at`;

/**
 * When a subscription that was to take a message closes, the oldest other one of its process that can receive the message looks
 * for it. A locked subscription is being closed, or looks for messages anyway.
 */
export const lookForMessage = sql`update engine_subscriptions s set due_at = now()
  from "closeSubscription" c cross join lateral (
    select o.instance_key, o.token, o.element_id from engine_subscriptions o
    where o.kind = c.kind and o.name = c.name and o.correlation_key = c.correlation_key
      and o.process_id = c.process_id and o.instance_key <> c.instance_key and o.due_at is null
      and exists (
        select from engine_messages m where m.name = o.name and m.correlation_key = o.correlation_key
          and ${isHeardBy(sql`o`)} and not exists (
            select from engine_correlations r where r.message_key = m.key and r.process_id = o.process_id))
    order by o.instance_key, o.token limit 1 for update skip locked) other
  where c.due_at is not null and s.instance_key = other.instance_key and s.token = other.token
    and s.element_id = other.element_id`;
