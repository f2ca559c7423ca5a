import type { Sql } from 'postgres';

/** How often the database is looked at, in milliseconds. */
const lookMs = 20;
const patienceMs = 300_000;

/** Waits until Kickoff has done all that the deliveries so far set off. `watch`: a connection to its database. */
export async function settled(watch: Sql): Promise<void> {
  await until(async () => {
    const [row] = await watch`select (select count(*) from starts where status = 'waiting')
      + (select count(*) from engine_changes) as unfinished`;
    return Number(row?.unfinished) === 0;
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
