import { randomUUID } from 'node:crypto';
import { type Query, type SQL, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { Db } from '../../src/db/client.ts';
import { selectRows } from '../../src/db/query.ts';
import type { EngineUnderTest } from './contract/engine-under-test.ts';
import * as b from './diagram-builder.ts';
import { openEmbeddedWorld } from './embedded-world.ts';
import { scenariosContract } from './scenarios/contract.ts';

/** Rows of each table; none of them is due. */
const many = 3_000;
/** Tables with few rows: one for each process. */
const small = new Set(['engine_definitions', 'engine_start_events']);

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: Plan[];
}

/** The tables that a plan scans sequentially. */
function scanned(plan: Plan): string[] {
  const own = plan['Node Type'] === 'Seq Scan' && plan['Relation Name'] ? [plan['Relation Name']] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(scanned)];
}

/** Gets a statement that is about to run: its text, and a function that returns its plan. */
type Explain = (text: string, plan: () => Promise<PlanRow[]>) => Promise<void>;
type PlanRow = { 'QUERY PLAN': [{ Plan: Plan }] };

/** Calls `explain` before every statement, including those in transactions and prepared ones. */
function explaining(db: Db, explain: Explain): Db {
  const execute = async (query: SQL) => {
    await explain(textOf(query), () => selectRows(db, sql`explain (format json) ${query}`));
    return db.execute(query);
  };
  const { session } = db._;
  const prepareQuery = (built: Query) => {
    const prepare = (text: string) => session.prepareQuery({ ...built, sql: text }, undefined, undefined, false);
    return {
      async execute(values: Record<string, unknown>) {
        await explain(built.sql, async () => {
          const result: unknown = await prepare(`explain (format json) ${built.sql}`).execute(values);
          return Array.isArray(result) ? (result as PlanRow[]) : (result as { rows: PlanRow[] }).rows;
        });
        return prepare(built.sql).execute(values);
      },
    };
  };
  return new Proxy(db, {
    get(target, name) {
      if (name === 'execute') return execute;
      if (name === '_') return { ...target._, session: { prepareQuery } };
      if (name === 'transaction') {
        return (work: (tx: Db) => Promise<unknown>) => target.transaction((tx) => work(explaining(tx, explain)));
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Statement → the large tables that it scans. */
const faults = new Map<string, string[]>();
const seen = new Set<string>();

/** A database with many rows. Notes how it finds rows for each statement of an engine. */
async function openFullWorld(): Promise<EngineUnderTest> {
  const world = await openEmbeddedWorld();
  const db = explaining(world.database.db, async (text, plan) => {
    if (seen.has(text) || !/engine_/.test(text)) return;
    seen.add(text);
    const [row] = await plan();
    const tables = row ? scanned(row['QUERY PLAN'][0].Plan).filter((table) => !small.has(table)) : [];
    if (tables.length > 0) faults.set(text, tables);
  });
  const database = { ...world.database, db };
  const seedFile = { 'seed.bpmn': b.process([b.start(), b.userTask('ask'), b.flow('start -> ask')], { id: 'seed' }) };
  let isSeeded = false;
  return {
    ...world,
    async make(files, handle, jobTypes) {
      const engine = await world.makeWith({ ...files, ...seedFile }, handle, { database }, jobTypes);
      if (isSeeded) return engine;
      isSeeded = true;
      const request = { startId: randomUUID(), processDefinitionId: 'seed', variables: {} };
      await seed(world.database.db, (await engine.startProcessInstance(request)).processInstanceKey);
      seen.clear();
      faults.clear();
      return engine;
    },
  };
}

describe('the embedded engine with many rows', () => {
  scenariosContract(openFullWorld, new Set());

  it('has found everything by an index, whatever the scenarios made it do', () => {
    expect(seen.size).toBeGreaterThan(50);
    expect([...faults].map(([text, tables]) => `${tables}: ${text}`)).toEqual([]);
  });
});

/** The statement on one line, without its values. */
function textOf(query: SQL): string {
  const chunk = (part: unknown): string => {
    if (typeof part !== 'object' || part === null) return '?';
    if ('queryChunks' in part) return (part.queryChunks as unknown[]).map(chunk).join('');
    return 'value' in part && Array.isArray(part.value) ? part.value.join('') : '?';
  };
  return chunk(query).replace(/\s+/g, ' ').trim();
}

/** Inserts rows that are neither due nor assigned. */
async function seed(db: Db, key: string): Promise<void> {
  const numbers = sql`generate_series(1, ${many}::int) n`;
  const later = sql`now() + interval '10 years' + n * interval '1 s'`;
  const seeds = sql`(select key, row_number() over (order by key) as n from engine_instances where start_id like 'seed-%') i`;
  const statements = [
    sql`insert into engine_instances (start_id, definition_key, status, revision, state)
      select 'seed-' || n, definition_key, 'active', 1, state from engine_instances, ${numbers} where key = ${key}::bigint`,
    sql`insert into engine_tasks (instance_key, token, element_id, status, candidate_users, candidate_groups, created_at)
      select i.key, 2, 'ask', 'open', '{}', '{}', now() from ${seeds}`,
    sql`insert into engine_jobs (instance_key, token, element_id, type, retries, due_at)
      select i.key, 3, 'work', 'work-' || n % 7, 3, ${later} from ${seeds}`,
    sql`insert into engine_timers (instance_key, token, element_id, fires_at, due_at)
      select i.key, 4, 'pause', ${later}, ${later} from ${seeds}`,
    sql`insert into engine_changes (instance_key, due_at) select i.key, ${later} from ${seeds}`,
    sql`insert into engine_history (instance_key, revision, at, entries) select i.key, 1, now(), '{}' from ${seeds}`,
    sql`insert into engine_subscriptions (instance_key, token, element_id, kind, name, correlation_key, process_id, since)
      select i.key, 5, 'wait', 'message', 'name-' || n % 100, 'key-' || n, 'seed', 1 from ${seeds}`,
    sql`insert into engine_messages (name, correlation_key, variables, expires_at)
      select 'name-' || n % 100, 'other-' || n, '{}', ${later} from ${numbers}`,
    sql`insert into engine_correlations (message_key, process_id) select key, 'seed' from engine_messages`,
    sql`insert into engine_message_starts (process_id, correlation_key, instance_key)
      select 'seed', 'key-' || n, i.key from ${seeds}`,
    sql`insert into engine_signal_deliveries (instance_key, token, element_id, variables, due_at)
      select i.key, 6, 'wait', '{}', ${later} from ${seeds}`,
    sql`analyze`,
  ];
  for (const statement of statements) await db.execute(statement);
}
