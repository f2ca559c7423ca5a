import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { type CrashWorld, startCrashWorld } from '../../helpers/crash-world.ts';
import { checked } from '../camunda8/camunda8-world.ts';
import { type StandIn, startStandIn } from '../camunda8/stand-in.ts';
import * as b from '../diagram-builder.ts';
import { killAroundStarts } from './kill-around-starts.ts';

let world: CrashWorld;
let cluster: StandIn;
afterEach(async () => {
  await world.close();
  await cluster.close();
});

test('kill -9 before Camunda 8 is called, and before its answer is stored: one instance per start', async () => {
  cluster = await startStandIn();
  const read = b.userTask('read', { name: 'Read', assignee: 'oleg.operator@northwind.example' });
  const note = b.process([b.start(), read, b.end(), b.flow('start -> read -> end')], { id: 'note', name: 'Note it' });
  await cluster.deploy({ 'note.bpmn': note });
  world = await startCrashWorld({ environment: { ENGINES: 'camunda8', ...cluster.environment, ...checked } });
  let others = 0;
  let heldAt = 0;
  await killAroundStarts(world, 'Note it', {
    holding: (fates) => {
      cluster.fate = (call) => {
        const fate = call === 'POST /v2/process-instances' ? fates.shift() : undefined;
        if (fate) heldAt = Date.now();
        return fate ?? 'pass';
      };
    },
    held: () => cluster.held.length,
    instances: async () => (await cluster.countInstances()) - others,
    async restarted() {
      others += 1;
      // A newer instance in the index shows that the index is still being updated. The clocks of a cluster may differ by 5 s.
      await expect.poll(() => Date.now() - heldAt, { timeout: 10_000 }).toBeGreaterThan(6000);
      await cluster
        .engine()
        .startProcessInstance({ startId: randomUUID(), processDefinitionId: 'note', variables: {} });
    },
  });
  const tasks = () => world.sandbox.people.oleg.inbox().filter((message) => message.texts().join().includes('Read'));
  await expect.poll(() => tasks().length, { timeout: 30_000 }).toBe(2);
  expect(await world.tally()).toMatchObject({ starts: { 'Note it running': 2 } });
  // Both starts have their instance by now, so that no other can follow.
  expect((await cluster.countInstances()) - others).toBe(2);
}, 400_000);
