import type { Sql } from 'postgres';

/** How often the database is polled, in milliseconds. */
const lookMs = 20;
const patienceMs = 300_000;

/**
 * Waits until all processes started by the deliveries so far are running. Notifying people of their tasks takes longer: Slack
 * allows one message per second to each of them, and about 50 new conversations per minute. `watch`: a connection to Kickoff's
 * database.
 */
export async function settled(watch: Sql): Promise<void> {
  await until(async () => {
    const [row] = await watch`select count(*) as waiting from starts where status = 'waiting'`;
    return Number(row?.waiting) === 0;
  });
}

/** Counts the tasks, and those that people were notified of. */
export async function countTold(watch: Sql): Promise<{ tasks: number; told: number }> {
  const [row] = await watch<{ tasks: number; told: number }[]>`select
    (select count(*)::int from engine_tasks) as tasks,
    (select count(*)::int from task_messages where ts is not null) as told`;
  if (!row) throw new Error('nothing was counted');
  return row;
}

/** Like {@link settled}, and waits until people were notified of all tasks, one person each; in a workspace without limits. */
export async function allTold(watch: Sql): Promise<void> {
  await settled(watch);
  await until(async () => {
    const { tasks, told } = await countTold(watch);
    return told === tasks;
  });
}

/** Polls until the condition holds; throws after five minutes. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Kickoff was not done after ${patienceMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}
