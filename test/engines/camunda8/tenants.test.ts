import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterEach, expect, test, vi } from 'vitest';
import * as b from '../diagram-builder.ts';
import { writeFolder } from '../embedded-world.ts';
import { type Camunda8World, openCamunda8World } from './camunda8-world.ts';

const visit = b.process(
  [
    b.start(),
    b.userTask('ask'),
    b.job('say', { type: 'say' }),
    b.catchEvent('wait', b.messageDefinition('answer', '=sessionId')),
    b.end(),
    b.flow('start -> ask -> say -> wait -> end'),
  ],
  { id: 'visit' },
);
const waiting = { timeout: 10_000, interval: 50 };

let world: Camunda8World;
afterEach(() => world.close());

test('processes, tasks, jobs and messages are those of the tenant in CAMUNDA_DEFAULT_TENANT_ID', async () => {
  world = await openCamunda8World({ tenant: 'sales' });
  const deployFrom = await writeFolder({ 'visit.bpmn': visit });
  const engine = world.connect({ deployFrom, jobHandlers: { say: async () => ({ said: true }) } });
  await engine.start();
  try {
    const ids = async (one = engine) => (await one.listProcessDefinitions()).map(({ id }) => id);
    await expect.poll(ids, waiting).toEqual(['visit']);
    expect(await ids(world.connect({ environment: { CAMUNDA_DEFAULT_TENANT_ID: 'others' } }))).toEqual([]);
    const variables = { sessionId: 'a session' };
    const asked = { startId: randomUUID(), processDefinitionId: 'visit', variables };
    const { processInstanceKey: key } = await engine.startProcessInstance(asked);
    const [task] = await engine.listUserTasks(key);
    await engine.completeUserTask({ taskKey: task?.key ?? '', variables: {}, completedBy: 'U1' });
    await engine.publishMessage({
      name: 'answer',
      correlationKey: 'a session',
      variables: { text: 'Five' },
      timeToLiveMs: 60_000,
      messageId: 'one',
    });
    await vi.waitFor(
      async () =>
        expect(await engine.getProcessInstance(key)).toMatchObject({
          status: 'completed',
          variables: { said: true, text: 'Five' },
        }),
      waiting,
    );
  } finally {
    await engine.stop();
    await rm(deployFrom, { recursive: true });
  }
});
