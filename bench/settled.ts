import type { Sql } from 'postgres';

/** How often the database is looked at, in milliseconds. */
const lookMs = 20;
const patienceMs = 300_000;

/**
 * Waits until the processes run that the deliveries so far start. People are told of their tasks for longer: Slack takes one
 * message each second for each of them, and some 50 new ones a minute. `watch`: a connection to Kickoff's database.
 */
export async function settled(watch: Sql): Promise<void> {
  await until(async () => {
    const [row] = await watch`select count(*) as waiting from starts where status = 'waiting'`;
    return Number(row?.waiting) === 0;
  });
}

/** How many tasks there are, and how many of them are told. */
export async function countTold(watch: Sql): Promise<{ tasks: number; told: number }> {
  const [row] = await watch<{ tasks: number; told: number }[]>`select
    (select count(*)::int from engine_tasks) as tasks,
    (select count(*)::int from task_messages where ts is not null) as told`;
  if (!row) throw new Error('nothing was counted');
  return row;
}

/** The same, until people are told of the tasks, each of which falls to one person; in a workspace without limits. */
export async function allTold(watch: Sql): Promise<void> {
  await settled(watch);
  await until(async () => {
    const { tasks, told } = await countTold(watch);
    return told === tasks;
  });
}

/** Waits until the condition holds, looking often; an error if it takes minutes. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Kickoff was not done after ${patienceMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}
