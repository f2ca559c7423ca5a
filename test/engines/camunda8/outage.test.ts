import { afterEach, test } from 'vitest';
import { startWorld, type World } from '../../helpers/kickoff.ts';
import { helpFile, startAfterOutage } from '../start-after-outage.ts';
import { checked } from './camunda8-world.ts';
import { type StandIn, startStandIn } from './stand-in.ts';

let world: World;
let cluster: StandIn;
afterEach(async () => {
  await world.close({ tolerate: true });
  await cluster.close();
});

test('a start that is due while Camunda 8 is away makes one instance there once it is back', async () => {
  cluster = await startStandIn();
  await cluster.deploy({ 'help.bpmn': helpFile });
  world = await startWorld({ environment: { ENGINES: 'embedded,camunda8', ...cluster.environment, ...checked } });
  await startAfterOutage(world, cluster);
}, 120_000);
