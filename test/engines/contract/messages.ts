import { describe, expect, it, vi } from 'vitest';
import { EngineRefusedError } from '../../../src/engines/engine.ts';
import type { Variables } from '../../../src/processes/value-types.ts';
import * as b from '../diagram-builder.ts';
import { type Cannot, itNeeds } from './able.ts';
import { contractEngine, waiting } from './contract-engine.ts';
import type { EngineUnderTest } from './engine-under-test.ts';

const waits = (id: string, element: string) =>
  b.process([b.start(), b.userTask('before'), element, b.end(), b.flow('start -> before -> wait -> end')], { id });

const files = {
  'catch.bpmn': waits('catching', b.catchEvent('wait', b.messageDefinition('paid', '=order'))),
  'other.bpmn': waits('other', b.catchEvent('wait', b.messageDefinition('paid', '=order'))),
  'receive.bpmn': waits('receiving', b.receive('wait', '="pa" + "id"', '=order', { outputs: { sum: '=amount' } })),
  'boundary.bpmn': b.process(
    [
      b.start(),
      b.userTask('work'),
      b.boundary('heard', 'work', b.messageDefinition('note', '=order'), {
        interrupting: false,
        outputs: { last: '=text' },
      }),
      b.userTask('read'),
      b.boundary('stop', 'work', b.messageDefinition('stop', '=order')),
      b.userTask('stopped'),
      b.end(),
      b.flow('start -> work -> end'),
      b.flow('heard -> read'),
      b.flow('stop -> stopped'),
    ],
    { id: 'boundary' },
  ),
  'started.bpmn': b.process(
    [
      b.startOn('start', b.messageDefinition('ordered'), { outputs: { item: '=article' } }),
      b.userTask('work'),
      b.end(),
      b.flow('start -> work -> end'),
    ],
    { id: 'started' },
  ),
  'told.bpmn': b.process(
    [
      b.startOn('start', b.messageDefinition('told')),
      b.call('call', 'called'),
      b.end(),
      b.flow('start -> call -> end'),
    ],
    { id: 'told' },
  ),
  'called.bpmn': b.process(
    [b.start(), b.catchEvent('wait', b.messageDefinition('paid', '="told"')), b.end(), b.flow('start -> wait -> end')],
    { id: 'called' },
  ),
  'throw.bpmn': b.process(
    [
      b.start(),
      b.throwEvent('tell', '<bpmn:messageEventDefinition/>', {
        extensions: '<zeebe:taskDefinition type="work"/>',
        inputs: { text: '="hello"' },
      }),
      b.endWith('bye', '<bpmn:messageEventDefinition/>', { extensions: '<zeebe:taskDefinition type="work"/>' }),
      b.flow('start -> tell -> bye'),
    ],
    { id: 'throwing' },
  ),
};

/** Messages: publishing, buffering, correlation, and message start events. */
export function messagesContract(open: () => Promise<EngineUnderTest>, cannot: Cannot): void {
  describe('messages', () => {
    const contract = contractEngine(open, files, { listens: true });
    /** The variable that a message's correlation key is compared with. */
    const keyName = cannot.has('message-keys') ? 'sessionId' : 'order';
    const { begin, openTask, complete, untilStatus } = contract;
    let count = 0;
    const order = () => `order-${++count}`;
    const publish = (
      name: string,
      correlationKey: string,
      variables: Variables = {},
      { timeToLiveMs = 0, ...options }: { timeToLiveMs?: number; messageId?: string; saidAt?: number } = {},
    ) => contract.engine().publishMessage({ name, correlationKey, variables, timeToLiveMs, ...options });
    const hour = { timeToLiveMs: 3_600_000 };
    /** Starts an instance, and waits until it waits for `paid`. */
    const waitFor = async (process: string, key: string, options: { hearsAfter?: number } = {}) => {
      const instance = await begin(process, { [keyName]: key }, options);
      await complete(instance, 'before');
      return instance;
    };
    /** Keys of the reported instances of `started` with these items. */
    const startedWith = async (items: string[]) => {
      const found: string[] = [];
      for (const key of changed) {
        const instance = await contract.engine().getProcessInstance(key);
        const item = instance?.variables.item;
        if (instance?.processDefinitionId === 'started' && typeof item === 'string' && items.includes(item)) {
          found.push(key);
        }
      }
      return found;
    };
    const changed = contract.changed;

    it('continues with the message of its name and key, and the message’s variables', async () => {
      const key = order();
      const instance = await waitFor('catching', key);
      await publish('paid', 'another key', { amount: 1 });
      await publish('other', key, { amount: 2 });
      await publish('paid', key, { amount: 3 });
      expect(await untilStatus(instance, 'completed')).toMatchObject({ variables: { [keyName]: key, amount: 3 } });
    });

    itNeeds(cannot, 'message-keys')('takes a number as correlation key', async () => {
      const instance = await begin('catching', { order: 4711 });
      await complete(instance, 'before');
      await publish('paid', '4711', { amount: 3 });
      await untilStatus(instance, 'completed');
    });

    itNeeds(cannot, 'message-keys')('has an incident if the correlation key is neither text nor number', async () => {
      const instance = await begin('catching', { order: null });
      await complete(instance, 'before');
      expect((await untilStatus(instance, 'incident')).reason).toMatch(/\(wait\): =order should be a text or a number/);
      const key = order();
      await contract.engine().setVariables({ scopeKey: instance, variables: { [keyName]: key }, local: false });
      for (const incident of await contract.engine().listIncidents(instance)) {
        await contract.engine().resolveIncident(incident.key);
      }
      await publish('paid', key, {}, hour);
      await untilStatus(instance, 'completed');
    });

    it('waits at a receive task, whose name may be an expression, and maps what it receives', async () => {
      const key = order();
      const instance = await waitFor('receiving', key);
      await publish('paid', key, { amount: 5 });
      expect(await untilStatus(instance, 'completed')).toMatchObject({ variables: { [keyName]: key, sum: 5 } });
    });

    it('keeps a message for its time to live, and no longer', async () => {
      const key = order();
      await publish('paid', key, { amount: 'too late' }, { timeToLiveMs: 60_000 });
      await contract.world().advance(61_000);
      await publish('paid', key, { amount: 'not kept' });
      await publish('paid', key, { amount: 'kept' }, hour);
      const instance = await waitFor('catching', key);
      expect(await untilStatus(instance, 'completed')).toMatchObject({ variables: { amount: 'kept' } });
    });

    it('receives buffered messages in their order, each once per process', async () => {
      const key = order();
      for (const amount of [1, 2]) await publish('paid', key, { amount }, hour);
      const amounts: unknown[] = [];
      for (const process of ['catching', 'catching', 'other', 'other']) {
        const instance = await waitFor(process, key);
        amounts.push((await untilStatus(instance, 'completed')).variables.amount);
      }
      expect(amounts).toEqual([1, 2, 1, 2]);
    });

    it('delivers a message to one instance of each process, the one that has waited longest', async () => {
      const key = order();
      const instances = [await waitFor('catching', key), await waitFor('catching', key), await waitFor('other', key)];
      await publish('paid', key, { amount: 1 });
      await untilStatus(instances[0] ?? '', 'completed');
      await untilStatus(instances[2] ?? '', 'completed');
      expect(await contract.engine().getProcessInstance(instances[1] ?? '')).toMatchObject({ status: 'active' });
      await publish('paid', key, { amount: 2 });
      expect(await untilStatus(instances[1] ?? '', 'completed')).toMatchObject({ variables: { amount: 2 } });
    });

    itNeeds(cannot, 'message-times')(
      'receives messages that were written after the instance’s time limit, in their order',
      async () => {
        const key = order();
        for (const saidAt of [30, 10, 20, 40]) await publish('paid', key, { amount: saidAt }, { ...hour, saidAt });
        const amounts: unknown[] = [];
        for (const hearsAfter of [10, 10, 10]) {
          const instance = await waitFor('catching', key, { hearsAfter });
          amounts.push((await untilStatus(instance, 'completed')).variables.amount);
        }
        expect(amounts).toEqual([20, 30, 40]);
        const late = await waitFor('other', key, { hearsAfter: 40 });
        const early = await waitFor('other', key, { hearsAfter: 20 });
        expect(await untilStatus(early, 'completed')).toMatchObject({ variables: { amount: 30 } });
        await publish('paid', key, { amount: 35 }, { ...hour, saidAt: 35 });
        await publish('paid', key, { amount: 50 }, { saidAt: 50 });
        expect(await untilStatus(late, 'completed')).toMatchObject({ variables: { amount: 50 } });
      },
    );

    itNeeds(cannot, 'message-times')(
      'skips an instance that must not receive the message, although it has waited longer',
      async () => {
        const key = order();
        const late = await waitFor('catching', key, { hearsAfter: 20 });
        const early = await waitFor('catching', key, { hearsAfter: 10 });
        await publish('paid', key, { amount: 20 }, { saidAt: 20 });
        expect(await untilStatus(early, 'completed')).toMatchObject({ variables: { amount: 20 } });
        await publish('paid', key, { amount: 30 }, { saidAt: 30 });
        expect(await untilStatus(late, 'completed')).toMatchObject({ variables: { amount: 30 } });
      },
    );

    itNeeds(cannot, 'message-starts')(
      'receives only later messages in an instance that a message started',
      async () => {
        await publish('told', order(), {}, { ...hour, saidAt: 20 });
        const instance = await vi.waitFor(async () => {
          for (const one of changed) {
            const { processDefinitionId } = (await contract.engine().getProcessInstance(one)) ?? {};
            if (processDefinitionId === 'told') return one;
          }
          throw new Error('nothing has started');
        }, waiting);
        await publish('paid', 'told', { amount: 10 }, { ...hour, saidAt: 10 });
        await publish('paid', 'told', { amount: 30 }, { ...hour, saidAt: 30 });
        expect(await untilStatus(instance, 'completed')).toMatchObject({ variables: { amount: 30 } });
      },
    );

    it('treats two messages with one id as one, as long as the first is buffered', async () => {
      const key = order();
      const same = { ...hour, messageId: 'm1' };
      await Promise.all([1, 2, 3].map(() => publish('paid', key, { amount: 1 }, same)));
      await publish('paid', key, { amount: 2 }, { ...hour, messageId: 'm2' });
      const first = await waitFor('catching', key);
      expect(await untilStatus(first, 'completed')).toMatchObject({ variables: { amount: 1 } });
      const second = await waitFor('catching', key);
      expect(await untilStatus(second, 'completed')).toMatchObject({ variables: { amount: 2 } });
      await contract.world().advance(3_700_000);
      await publish('paid', key, { amount: 3 }, same);
      const third = await waitFor('catching', key);
      expect(await untilStatus(third, 'completed')).toMatchObject({ variables: { amount: 3 } });
    });

    it('loses and duplicates no messages that come while instances begin to wait', async () => {
      const keys = Array.from({ length: 12 }, order);
      const instances = await Promise.all(keys.map((key) => begin('catching', { [keyName]: key })));
      await Promise.all(
        keys.flatMap((key, index) => [
          complete(instances[index] ?? '', 'before'),
          publish('paid', key, { amount: 1 }, hour),
        ]),
      );
      for (const instance of instances) await untilStatus(instance, 'completed');
    });

    it('delivers every message to a non-interrupting boundary event, and the first one to an interrupting one', async () => {
      const key = order();
      const instance = await begin('boundary', { [keyName]: key });
      for (const text of ['a', 'c', 'd']) await publish('note', key, { text });
      await vi.waitFor(async () => {
        const tasks = await contract.engine().listUserTasks(instance);
        expect(tasks.map(({ elementId }) => elementId).sort()).toEqual(['read', 'read', 'read', 'work']);
      }, waiting);
      expect(await contract.engine().getProcessInstance(instance)).toMatchObject({ variables: { last: 'd' } });
      await publish('stop', key);
      await openTask(instance, 'stopped');
      await publish('note', key, { text: 'e' }, hour);
      const work = (await contract.engine().listUserTasks(instance)).find(({ elementId }) => elementId === 'work');
      expect(work?.status).toBe('cancelled');
      // The buffered message is correlated with the next subscription.
      const next = await begin('boundary', { [keyName]: key });
      await openTask(next, 'read');
      expect(await contract.engine().getProcessInstance(instance)).toMatchObject({ variables: { last: 'd' } });
    });

    it('does not deliver to an instance that no longer waits', async () => {
      const key = order();
      const cancelled = await waitFor('catching', key);
      const other = await waitFor('catching', key);
      await contract.engine().cancelProcessInstance(cancelled);
      await publish('paid', key, { amount: 1 });
      await untilStatus(other, 'completed');
      expect(await contract.engine().getProcessInstance(cancelled)).toMatchObject({ status: 'terminated' });
    });

    itNeeds(cannot, 'message-starts')(
      'starts one instance per correlation key at a time, and the next one with a buffered message',
      async () => {
        const key = order();
        const items = [1, 2, 3].map((number) => `${key}-${number}`);
        for (const article of items) await publish('ordered', key, { article }, hour);
        const seen: unknown[] = [];
        for (const _ of items) {
          const instance = await vi.waitFor(async () => {
            const [one, ...others] = await openOf(items);
            expect(others).toEqual([]);
            if (!one) throw new Error('nothing has started');
            return one;
          }, waiting);
          seen.push((await contract.engine().getProcessInstance(instance))?.variables);
          await complete(instance, 'work');
          await untilStatus(instance, 'completed');
        }
        expect(seen).toEqual(items.map((item) => ({ item })));
        expect(await startedWith(items)).toHaveLength(3);
      },
    );

    const openOf = async (items: string[]) => {
      const open: string[] = [];
      for (const key of await startedWith(items)) {
        if ((await contract.engine().getProcessInstance(key))?.status === 'active') open.push(key);
      }
      return open;
    };

    itNeeds(cannot, 'message-starts')('starts any number of instances without a correlation key', async () => {
      const items = [order(), order()];
      for (const article of items) await publish('ordered', '', { article });
      await vi.waitFor(async () => expect(await openOf(items)).toHaveLength(2), waiting);
    });

    it('neither lists nor starts processes that only messages start', async () => {
      const ids = (await contract.engine().listProcessDefinitions()).map(({ id }) => id);
      expect(ids).toContain('catching');
      expect(ids).not.toContain('started');
      await expect(begin('started')).rejects.toThrow(EngineRefusedError);
    });

    itNeeds(cannot, 'camunda8-files')('throws messages as jobs', async () => {
      const seen: unknown[] = [];
      contract.handle = async ({ elementId, variables }) => {
        seen.push([elementId, variables.text]);
        return {};
      };
      await untilStatus(await begin('throwing'), 'completed');
      expect(seen).toEqual([
        ['tell', 'hello'],
        ['bye', undefined],
      ]);
    });

    it('refuses invalid names, keys and times to live', async () => {
      await expect(publish('', 'k')).rejects.toThrow(EngineRefusedError);
      await expect(publish('paid', 'k'.repeat(257))).rejects.toThrow('at most 256 characters');
      await expect(publish('paid', 'k', {}, { timeToLiveMs: -1 })).rejects.toThrow(EngineRefusedError);
    });
  });
}
