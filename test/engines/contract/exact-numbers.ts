import { expect, it } from 'vitest';
import * as b from '../diagram-builder.ts';
import { type Cannot, describeNeeds } from './able.ts';
import { contractEngine } from './contract-engine.ts';
import type { EngineUnderTest } from './engine-under-test.ts';

const files = {
  'work.bpmn': b.process(
    [
      b.start(),
      b.job('ask', { type: 'work', inputs: { order: '=id' }, outputs: { result: '=answer' } }),
      b.userTask('first'),
      b.catchEvent('wait', b.messageDefinition('paid', '=id')),
      b.userTask('second'),
      b.catchEvent('hear', b.signalDefinition('rate')),
      b.userTask('third'),
      b.end(),
      b.flow('start -> ask -> first -> wait -> second -> hear -> third -> end'),
    ],
    { id: 'work' },
  ),
};

const id = 7615917337495251231n;

/** Integers beyond 2^53, which a JavaScript number cannot represent. */
export function exactNumbersContract(open: () => Promise<EngineUnderTest>, cannot: Cannot): void {
  describeNeeds(
    cannot,
    'message-keys',
    'structured-variables',
  )('whole numbers beyond 2^53', () => {
    const contract = contractEngine(open, files);
    const { begin, openTask, complete } = contract;

    it('stay exact on every way into the variables, and as correlation keys', async () => {
      const seen: unknown[] = [];
      contract.handle = async ({ variables }) => {
        seen.push(variables.order);
        return { answer: [id + 1n, { deep: -id }] };
      };
      const instance = await begin('work', { id });
      await openTask(instance, 'first');
      expect(seen).toEqual([id]);
      await contract.engine().setVariables({ scopeKey: instance, variables: { set: id + 2n }, local: false });
      await complete(instance, 'first', { entered: id + 3n });
      const message = { name: 'paid', variables: { paid: id + 4n }, timeToLiveMs: 3_600_000 };
      await contract.engine().publishMessage({ ...message, correlationKey: String(id - 1n) });
      await contract.engine().publishMessage({ ...message, correlationKey: String(id) });
      await complete(instance, 'second');
      await contract.engine().broadcastSignal({ name: 'rate', variables: { rate: id + 5n } });
      const task = await openTask(instance, 'third');
      const expected = {
        id,
        result: [id + 1n, { deep: -id }],
        set: id + 2n,
        entered: id + 3n,
        paid: id + 4n,
        rate: id + 5n,
      };
      expect(task.variables).toEqual(expected);
      expect(await contract.engine().getVariables(instance)).toEqual(expected);
    });
  });
}
