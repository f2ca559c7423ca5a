import { expect, it } from 'vitest';
import { EngineRefusedError, type ProcessEngine } from '../../../src/engines/engine.ts';
import * as b from '../diagram-builder.ts';
import { type Cannot, describeNeeds, itNeeds } from './able.ts';
import { contractEngine } from './contract-engine.ts';
import type { EngineUnderTest } from './engine-under-test.ts';

/** A process whose versions differ in their only user task. */
const content = (task: string) => ({
  'changing.bpmn': b.process(
    [b.start(), b.userTask('ask'), b.userTask(task), b.end(), b.flow(`start -> ask -> ${task} -> end`)],
    { id: 'changing' },
  ),
});

/** A changed file is a new version; running instances stay on theirs. */
export function versionsContract(open: () => Promise<EngineUnderTest>, cannot: Cannot): void {
  describeNeeds(cannot, 'camunda8-files')('versions', () => {
    const contract = contractEngine(open, content('first'));
    const reopen = async (files: Record<string, string>, work: (engine: ProcessEngine) => Promise<void>) => {
      const engine = await contract.world().make(files, async () => ({}));
      await engine.start();
      try {
        await work(engine);
      } finally {
        await engine.stop();
      }
    };
    const begin = async (engine: ProcessEngine, startId: string) =>
      (await engine.startProcessInstance({ startId, processDefinitionId: 'changing', variables: {} }))
        .processInstanceKey;
    const complete = async (engine: ProcessEngine, instance: string) => {
      const open = (await engine.listUserTasks(instance)).filter(({ status }) => status === 'open');
      for (const { key: taskKey } of open) await engine.completeUserTask({ taskKey, variables: {}, completedBy: 'U1' });
      return (await engine.listUserTasks(instance)).map(({ elementId }) => elementId);
    };
    const versionOf = async (engine: ProcessEngine) =>
      (await engine.listProcessDefinitions()).map(({ id, version }) => `${id} ${version}`);

    it('makes a changed file the next version, and keeps running instances on theirs', async () => {
      const old = await contract.begin('changing');
      await reopen(content('second'), async (engine) => {
        expect(await versionOf(engine)).toEqual(['changing 2']);
        expect(await complete(engine, old)).toEqual(['ask', 'first']);
        expect(await complete(engine, await begin(engine, 'version-2'))).toEqual(['ask', 'second']);
      });
      await reopen(content('second'), async (engine) => expect(await versionOf(engine)).toEqual(['changing 2']));
    });

    itNeeds(cannot, 'removed-files')('lets instances of a removed file finish, and starts no new ones', async () => {
      const old = await contract.begin('changing');
      await reopen({}, async (engine) => {
        expect(await engine.listProcessDefinitions()).toEqual([]);
        await expect(begin(engine, 'removed')).rejects.toThrow(EngineRefusedError);
        await complete(engine, old);
        await complete(engine, old);
        expect(await engine.getProcessInstance(old)).toMatchObject({ status: 'completed' });
      });
    });

    it('treats a file that comes back as the version it was, and earlier content as a new version', async () => {
      await reopen(content('second'), async (engine) => expect(await versionOf(engine)).toEqual(['changing 2']));
      await reopen(content('first'), async (engine) => {
        expect(await versionOf(engine)).toEqual(['changing 3']);
        expect(await complete(engine, await begin(engine, 'version-3'))).toEqual(['ask', 'first']);
      });
    });
  });
}
