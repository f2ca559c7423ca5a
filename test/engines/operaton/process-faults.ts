import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectRows } from '../../../src/db/query.ts';
import { EngineRefusedError, EngineUnavailableError, type ProcessEngine } from '../../../src/engines/engine.ts';
import * as b from '../diagram-builder.ts';
import { deploy, type OperatonWorld, openOperatonWorld } from './operaton-world.ts';
import type { Vendor } from './start-server.ts';
import { toCamunda7 } from './translate.ts';

const look = `<bpmn:serviceTask id="look" camunda:delegateExpression="\${lostStock}"></bpmn:serviceTask>`;
const catchNews = (id: string) => b.catchEvent(id, b.messageDefinition('news', '=sessionId'));
const hear = catchNews('hear');
const places = ['first', 'second', 'third', 'fourth', 'fifth'];

const files = {
  'asks.bpmn': b.process([b.start(), b.userTask('ask'), look, b.flow('start -> ask -> look')], { id: 'asks' }),
  'works.bpmn': b.process([b.start(), b.job('work'), look, b.flow('start -> work -> look')], { id: 'works' }),
  'looks.bpmn': b.process([b.start(), hear, look, b.flow('start -> hear -> look')], { id: 'looks' }),
  'listens.bpmn': b.process(
    [b.start(), ...places.map((id) => catchNews(id)), b.end(), b.flow(`start -> ${places.join(' -> ')} -> end`)],
    { id: 'listens' },
  ),
  'hears.bpmn': b.process([b.start(), hear, b.end(), b.flow('start -> hear -> end')], { id: 'hears' }),
};

/** Processes that cannot reach a database of their own, which the engine answers like the loss of its own database. */
export function processFaults(vendor: Vendor): void {
  describe(`${vendor}, with a process that cannot reach a database of its own`, () => {
    let world: OperatonWorld;
    let engine: ProcessEngine;
    let works = 0;
    beforeAll(async () => {
      world = await openOperatonWorld(vendor);
      await deploy(world.url, files, toCamunda7);
      engine = world.connect({
        timings: { recordMs: 2000 },
        jobHandlers: {
          async work() {
            works += 1;
            return {};
          },
        },
      });
      await engine.start();
    });
    afterAll(async () => {
      await engine?.stop();
      await world?.close();
    });

    const begin = async (processDefinitionId: string, sessionId = 'a session') => {
      const request = { startId: randomUUID(), processDefinitionId, variables: { sessionId } };
      return (await engine.startProcessInstance(request)).processInstanceKey;
    };
    const statusOf = async (key: string) => (await engine.getProcessInstance(key))?.status;

    it('the session’s other processes receive every message, in their order', async () => {
      const before = await begin('hears');
      const looking = await begin('looks');
      const after = await begin('listens');
      const texts = ['one', 'two', 'three', 'four', 'five'];
      for (const text of texts) {
        const message = { name: 'news', correlationKey: 'a session', variables: { text }, timeToLiveMs: 3_600_000 };
        await engine.publishMessage(message);
      }
      await expect.poll(() => statusOf(before), { timeout: 45_000 }).toBe('completed');
      await expect.poll(() => statusOf(after), { timeout: 45_000 }).toBe('completed');
      expect((await engine.getProcessInstance(after))?.variables.text).toBe('five');
      expect(await statusOf(looking)).toBe('active');
    });

    it('that process receives the message once its database is back', async () => {
      const looking = await begin('looks', 'another session');
      const message = { name: 'news', correlationKey: 'another session', variables: {}, timeToLiveMs: 3_600_000 };
      await engine.publishMessage(message);
      const inDoubt = () =>
        selectRows(
          world.database.db,
          sql`select from remote_receipts r join remote_messages m
        on m.key = r.message_key where m.correlation_key = 'another session' and not r.is_taken`,
        );
      await expect.poll(inDoubt, { timeout: 45_000 }).toHaveLength(1);
      await engine.setVariables({ scopeKey: looking, variables: { stock: 'back' }, local: false });
      await expect.poll(() => statusOf(looking), { timeout: 45_000 }).toBe('completed');
    });

    it('a job is done once, and stops with the reason', async () => {
      const key = await begin('works');
      await expect.poll(() => statusOf(key), { timeout: 45_000 }).toBe('incident');
      expect((await engine.getProcessInstance(key))?.reason).toContain('the stock’s database does not answer');
      expect(works).toBe(1);
    });

    it('a completion is refused with its reason the second time, and the task stays open', async () => {
      const [task] = await engine.listUserTasks(await begin('asks'));
      if (!task) throw new Error('there is no task');
      const complete = () => engine.completeUserTask({ taskKey: task.key, variables: {}, completedBy: 'U0OLEG00001' });
      await expect(complete()).rejects.toThrow(EngineUnavailableError);
      const refused = await complete().catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(EngineRefusedError);
      expect(refused).toMatchObject({ message: expect.stringContaining('the stock’s database does not answer') });
      expect(await engine.getUserTask(task.key)).toMatchObject({ status: 'open' });
    });
  });
}
