import { median } from '../statistics.ts';
import type { World } from '../world.ts';
import type { Measurement } from './measurement.ts';

const targetMs = 3000;

/** Time from the process's start until `/readyz` answers 200, with the processes that Kickoff ships. */
export const measureStartUp: Measurement = async (world, tell) => {
  const databaseUrl = await world.postgres.createDatabase();
  tell(`start-up on an empty database, migrations included: ${Math.round(await startUp(world, databaseUrl))} ms`);
  const times: number[] = [];
  for (let n = 0; n < world.options.startUps; n += 1) times.push(await startUp(world, databaseUrl));
  return [
    {
      what: 'Start-up until ready',
      reached: `${Math.round(median(times))} ms, longest ${Math.round(Math.max(...times))} ms`,
      target: `< ${targetMs} ms`,
      met: median(times) < targetMs,
    },
  ];
};

async function startUp(world: World, databaseUrl: string): Promise<number> {
  const begun = performance.now();
  const kickoff = await world.startKickoff({ databaseUrl, processesDir: 'processes' });
  const elapsed = performance.now() - begun;
  await kickoff.stop();
  return elapsed;
}
