import { expect, it, vi } from 'vitest';
import * as b from '../diagram-builder.ts';
import { type Cannot, describeNeeds, itNeeds } from './able.ts';
import { contractEngine, waiting } from './contract-engine.ts';
import type { EngineUnderTest } from './engine-under-test.ts';

const start = new Date(Date.now() + 365 * 86_400_000);
const atStart = `${start.toISOString().slice(0, 19)}Z`;

const files = {
  'listen.bpmn': b.process(
    [
      b.start(),
      b.userTask('work'),
      b.boundary('heard', 'work', b.signalDefinition('alarm'), { interrupting: false }),
      b.userTask('react'),
      b.boundary('stop', 'work', b.signalDefinition('=stopName')),
      b.catchEvent('wait', b.signalDefinition('done')),
      b.end(),
      b.flow('start -> work -> wait -> end'),
      b.flow('heard -> react'),
      b.flow('stop -> wait'),
    ],
    { id: 'listening' },
  ),
  'throw.bpmn': b.process(
    [
      b.start(),
      b.and('fork'),
      b.throwEvent('tell', b.signalDefinition('alarm-here'), { inputs: { from: '="inside"' } }),
      b.catchEvent('hear', b.signalDefinition('alarm-here')),
      b.and('join'),
      b.endWith('end', b.signalDefinition('over')),
      b.flow('start -> fork -> tell -> join -> end'),
      b.flow('fork -> hear -> join'),
    ],
    { id: 'throwing' },
  ),
  'started.bpmn': b.process(
    [
      b.startOn('start', b.signalDefinition('over'), { outputs: { said: '=what' } }),
      b.userTask('work'),
      b.flow('start -> work'),
    ],
    { id: 'started' },
  ),
  'cycle.bpmn': b.process(
    [
      b.start(),
      b.userTask('work'),
      b.boundaryTimer('again', 'work', { cycle: '=cycle', interrupting: false }),
      b.userTask('remind'),
      b.end(),
      b.flow('start -> work -> end'),
      b.flow('again -> remind'),
    ],
    { id: 'cycle' },
  ),
  'dated.bpmn': b.process(
    [b.startOn('start', b.timerDefinition({ date: atStart })), b.userTask('work'), b.flow('start -> work')],
    { id: 'dated' },
  ),
  'yearly.bpmn': b.process(
    [
      b.startOn('start', b.timerDefinition({ cycle: `R2/${atStart}/P1D` })),
      b.userTask('work'),
      b.flow('start -> work'),
    ],
    { id: 'cycled' },
  ),
};

/** Signals, and timers that repeat or start processes, in every engine. */
export function signalsAndTimersContract(open: () => Promise<EngineUnderTest>, cannot: Cannot): void {
  describeNeeds(cannot, 'camunda8-files')('signals and timers', () => {
    const contract = contractEngine(open, files, { listens: true });
    const { begin, complete, untilStatus } = contract;
    const tasksOf = async (instance: string, elementId: string) =>
      (await contract.engine().listUserTasks(instance)).filter((task) => task.elementId === elementId);
    const instancesOf = async (process: string) => {
      const found = await Promise.all([...contract.changed].map((key) => contract.engine().getProcessInstance(key)));
      return found.flatMap((one) => (one?.processDefinitionId === process ? one : []));
    };

    it('delivers a signal to all that wait for it, each time', async () => {
      const instances = await Promise.all([1, 2, 3].map(() => begin('listening', { stopName: 'stop' })));
      const engine = contract.engine();
      for (const n of [1, 2]) {
        await engine.broadcastSignal({ name: 'alarm', variables: { n } });
        for (const instance of instances) {
          await vi.waitFor(async () => expect(await tasksOf(instance, 'react')).toHaveLength(n), waiting);
        }
      }
      await engine.broadcastSignal({ name: 'stop', variables: {} });
      for (const instance of instances) {
        await vi.waitFor(async () => expect((await tasksOf(instance, 'work'))[0]?.status).toBe('cancelled'), waiting);
        for (const _ of [1, 2]) await complete(instance, 'react');
      }
      await engine.broadcastSignal({ name: 'done', variables: { done: true } });
      for (const instance of instances) {
        expect(await untilStatus(instance, 'completed')).toMatchObject({ variables: { done: true } });
      }
    });

    it('does not buffer signals for later waits', async () => {
      await contract.engine().broadcastSignal({ name: 'done', variables: {} });
      const instance = await begin('listening', { stopName: 'stop' });
      await complete(instance, 'work');
      expect(await contract.engine().getProcessInstance(instance)).toMatchObject({ status: 'active' });
      await contract.engine().broadcastSignal({ name: 'done', variables: {} });
      await untilStatus(instance, 'completed');
    });

    itNeeds(cannot, 'message-starts')('starts processes by signals, thrown by itself or by others', async () => {
      await untilStatus(await begin('throwing', { what: 'nothing' }), 'completed');
      await vi.waitFor(async () => expect(await instancesOf('started')).toHaveLength(1), waiting);
      await contract.engine().broadcastSignal({ name: 'over', variables: { what: 'all' } });
      await vi.waitFor(
        async () => expect((await instancesOf('started')).map(({ variables }) => variables.said)).toContain('all'),
        waiting,
      );
    });

    it('throws signals that its own branches receive', async () => {
      const instance = await begin('throwing', { what: 'nothing' });
      expect(await untilStatus(instance, 'completed')).toMatchObject({
        variables: { what: 'nothing', from: 'inside' },
      });
    });

    it('fires a cycle as often as it says, from the time it was due', async () => {
      const instance = await begin('cycle', { cycle: 'R2/PT1H' });
      for (const n of [1, 2]) {
        await contract.world().advance(3_600_000);
        await vi.waitFor(async () => expect(await tasksOf(instance, 'remind')).toHaveLength(n), waiting);
      }
      await contract.world().advance(7_200_000);
      const other = await begin('cycle', { cycle: '0 0 * * * *' });
      await contract.world().advance(3_600_000);
      await vi.waitFor(async () => expect(await tasksOf(other, 'remind')).toHaveLength(1), waiting);
      expect(await tasksOf(instance, 'remind')).toHaveLength(2);
      await complete(other, 'work');
      await complete(other, 'remind');
      await untilStatus(other, 'completed');
    });

    it('has an incident if a cycle is invalid', async () => {
      const instance = await begin('cycle', { cycle: 'every day' });
      expect((await untilStatus(instance, 'incident')).reason).toContain('should be a cycle');
    });

    itNeeds(cannot, 'message-starts')('starts processes at their time, once with any number of replicas', async () => {
      const replica = await contract.world().make(files, async () => ({}));
      await replica.start();
      try {
        expect(await instancesOf('dated')).toEqual([]);
        await contract.world().advance(start.getTime() - Date.now());
        await vi.waitFor(async () => {
          expect(await instancesOf('dated')).toHaveLength(1);
          expect(await instancesOf('cycled')).toHaveLength(1);
        }, waiting);
        await contract.world().advance(86_400_000);
        await vi.waitFor(async () => expect(await instancesOf('cycled')).toHaveLength(2), waiting);
        await contract.world().advance(3 * 86_400_000);
        const probe = await begin('cycle', { cycle: 'R1/PT1S' });
        await contract.world().advance(2000);
        await vi.waitFor(async () => expect(await tasksOf(probe, 'remind')).toHaveLength(1), waiting);
        expect(await instancesOf('cycled')).toHaveLength(2);
        expect(await instancesOf('dated')).toHaveLength(1);
      } finally {
        await replica.stop();
      }
    });
  });
}
