import { afterEach, expect, test } from 'vitest';
import { type CrashWorld, startCrashWorld } from '../../helpers/crash-world.ts';
import { type ElmaStandIn, startElmaStandIn } from '../elma365/stand-in.ts';
import { killAroundStarts } from './kill-around-starts.ts';

let world: CrashWorld;
let elma: ElmaStandIn;
afterEach(async () => {
  await world.close();
  await elma.close();
});

test('kill -9 before ELMA365 is called, and before its answer is stored: one instance per start', async () => {
  elma = await startElmaStandIn();
  world = await startCrashWorld({ environment: { ENGINES: 'elma365', ...elma.environment } });
  await killAroundStarts(world, 'Create lead in ELMA365', {
    holding: (fates) => {
      elma.fate = (call) => (call.endsWith('/run') ? (fates.shift() ?? 'pass') : 'pass');
    },
    held: () => elma.held.length,
    instances: async () => elma.instances.length,
  });
  expect(new Set(elma.instances.map(({ context }) => context.kickoff_start)).size).toBe(2);
  expect(await world.tally()).toMatchObject({ starts: { 'Create lead in ELMA365 running': 2 } });
  // Both starts have their instance by now, so that no other can follow.
  expect(elma.instances).toHaveLength(2);
}, 400_000);
