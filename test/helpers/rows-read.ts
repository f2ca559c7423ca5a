import type { Query } from 'drizzle-orm';
import type { Db } from '../../src/db/client.ts';

/** A node of a plan by `explain (analyze, format json)`. */
export interface Plan {
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: Plan[];
}

/** Number of table rows that a plan reads, including those it filters out. */
export function rowsIn(plan: Plan): number {
  const own = plan['Relation Name']
    ? (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Index Recheck'] ?? 0)) *
      plan['Actual Loops']
    : 0;
  return own + (plan.Plans ?? []).map(rowsIn).reduce((sum, one) => sum + one, 0);
}

/** Number of table rows that the one prebuilt statement reads that is run. */
export async function rowsRead(db: Db, run: (db: Db) => Promise<unknown>): Promise<number> {
  const plans: Plan[] = [];
  const { session } = db._;
  const prepareQuery = (built: Query) => ({
    async execute(values: Record<string, unknown>) {
      const explanation = { ...built, sql: `explain (analyze, format json) ${built.sql}` };
      const result: unknown = await session.prepareQuery(explanation, undefined, undefined, false).execute(values);
      const rows = (Array.isArray(result) ? result : (result as { rows: unknown[] }).rows) as PlanRow[];
      plans.push(...rows.map((row) => row['QUERY PLAN'][0].Plan));
      return [];
    },
  });
  const explaining = { ...db._, session: { prepareQuery } };
  await run(new Proxy(db, { get: (target, name) => (name === '_' ? explaining : Reflect.get(target, name)) }));
  const [plan] = plans;
  if (!plan || plans.length > 1) throw new Error(`${plans.length} statements were run`);
  return rowsIn(plan);
}

type PlanRow = { 'QUERY PLAN': [{ Plan: Plan }] };
