import { expect, it, vi } from 'vitest';
import type { Job } from '../../../src/engines/engine.ts';
import * as b from '../diagram-builder.ts';
import { type Cannot, describeNeeds } from './able.ts';
import { contractEngine, waiting } from './contract-engine.ts';
import type { EngineUnderTest } from './engine-under-test.ts';

const loop = {
  inputCollection: '=items',
  inputElement: 'item',
  outputCollection: 'results',
  outputElement: '=result',
};

const files = {
  'answer.form': JSON.stringify({ type: 'default', id: 'answer', components: [{ type: 'textfield', key: 'result' }] }),
  'each.bpmn': b.process(
    [
      b.start(),
      b.userTask('ask', { form: 'answer', assignee: '=item', loop }),
      b.job('send', {
        headers: { to: 'all' },
        loop: { ...loop, inputCollection: '=results', outputCollection: 'sent', sequential: true },
      }),
      // As Camunda recommends: otherwise each instance's variables would overwrite the list that the others have filled.
      b.call('check', 'checked', {
        called: { propagateAllChildVariables: 'false' },
        outputs: { result: '=result' },
        loop: { ...loop, inputCollection: '=sent', outputCollection: 'seenBy' },
      }),
      b.end(),
      b.flow('start -> ask -> send -> check -> end'),
    ],
    { id: 'each' },
  ),
  'checked.bpmn': b.process(
    [b.start(), b.userTask('look', { outputs: { result: '=[item, seen]' } }), b.end(), b.flow('start -> look -> end')],
    { id: 'checked' },
  ),
};

/** Behaviour of multi-instance activities in every engine. */
export function multiInstanceContract(open: () => Promise<EngineUnderTest>, cannot: Cannot): void {
  describeNeeds(cannot, 'camunda8-files')('does an activity for each item of a list', () => {
    const contract = contractEngine(open, files);
    const tasks = async (instance: string, elementId: string) =>
      (await contract.engine().listUserTasks(instance)).filter((task) => task.elementId === elementId);

    it('as user tasks, jobs and called processes', async () => {
      const jobs: Job[] = [];
      contract.handle = async (job) => {
        jobs.push(job);
        return { result: `${job.variables.item}!` };
      };
      const instance = await contract.begin('each', { items: ['U1', 'U2'] });
      const asked = await tasks(instance, 'ask');
      expect(asked.map(({ assignee, form }) => [assignee, form?.id]).sort()).toEqual([
        ['U1', 'answer'],
        ['U2', 'answer'],
      ]);
      for (const { key, assignee } of [...asked].reverse()) {
        const variables = { result: `of ${assignee}` };
        await contract.engine().completeUserTask({ taskKey: key, variables, completedBy: 'U9' });
      }
      await vi.waitFor(async () => expect(await tasks(instance, 'look')).toHaveLength(2), waiting);
      expect(jobs.map(({ variables, headers }) => [variables.item, variables.loopCounter, headers.to])).toEqual([
        ['of U1', 1, 'all'],
        ['of U2', 2, 'all'],
      ]);
      expect(new Set(jobs.map(({ key }) => key)).size).toBe(2);
      for (const { key, variables } of await tasks(instance, 'look')) {
        await contract.engine().completeUserTask({
          taskKey: key,
          variables: { seen: variables.loopCounter ?? null },
          completedBy: 'U9',
        });
      }
      expect((await contract.untilStatus(instance, 'completed')).variables.seenBy).toEqual([
        ['of U1!', 1],
        ['of U2!', 2],
      ]);
    });
  });
}
