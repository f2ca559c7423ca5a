import { metricsToken } from './world.ts';

/** Number of statements that a Kickoff has sent to its database so far. */
export async function statementsOf(port: number): Promise<number> {
  const headers = { authorization: `Bearer ${metricsToken}` };
  const answer = await (await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).text();
  return Number(/^kickoff_database_query_duration_seconds_count (\d+)/m.exec(answer)?.[1]);
}
