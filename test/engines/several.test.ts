import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineRefusedError, EngineUnavailableError, type ProcessEngine } from '../../src/engines/engine.ts';
import { combineEngines, type Engines } from '../../src/engines/several.ts';
import { type FaultyEngine, withFaults } from '../helpers/faulty-engine.ts';
import * as b from './diagram-builder.ts';
import { type EmbeddedWorld, openEmbeddedWorld } from './embedded-world.ts';

const logger = pino({ level: 'silent' });
const startId = '00000000-0000-4000-8000-000000000001';

const patienceMs = 2000;
/** One world for each engine. */
let worlds: EmbeddedWorld[];
let embedded: FaultyEngine<ProcessEngine>;
let operaton: FaultyEngine<ProcessEngine>;
let engines: Engines;

const database = () => {
  const [world] = worlds;
  if (!world) throw new Error('there is no database');
  return world.database;
};

const combine = () =>
  combineEngines(
    [
      { name: 'embedded', label: 'Kickoff', isElsewhere: false, engine: embedded },
      { name: 'operaton', label: 'Operaton', isElsewhere: true, engine: operaton },
    ],
    { db: database().db, patienceMs, logger },
  );

const away = async (): Promise<never> => {
  throw new EngineUnavailableError('Operaton does not answer');
};

/** A process with one task. */
const asking = (id: string, name: string, task: string) =>
  b.process([b.start(), b.userTask('task', { name: task }), b.end(), b.flow('start -> task -> end')], { id, name });

async function openEngine(files: Record<string, string>): Promise<FaultyEngine<ProcessEngine>> {
  const world = await openEmbeddedWorld();
  worlds.push(world);
  return withFaults(await world.make(files, async () => ({})));
}

beforeEach(async () => {
  worlds = [];
  embedded = await openEngine({ 'lead.bpmn': asking('lead', 'Create lead', 'Qualify') });
  operaton = await openEngine({
    'lead.bpmn': asking('lead', 'Create lead', 'Check'),
    'pay.bpmn': asking('invoice', 'Pay invoice', 'Approve'),
  });
  engines = combine();
});
afterEach(async () => {
  await engines.stop();
  for (const world of worlds) await world.close();
});

const start = (processDefinitionId: string) =>
  engines.startProcessInstance({ startId, processDefinitionId, variables: {} });

describe('several engines', () => {
  it('have one catalogue, in which every definition names its engine and only embedded ones have ids without a prefix', async () => {
    const listed = (await engines.listProcessDefinitions()).map(({ id, engine }) => [id, engine]);
    expect(listed).toEqual([
      ['lead', 'Kickoff'],
      ['operaton:lead', 'Operaton'],
      ['operaton:invoice', 'Operaton'],
    ]);
  });

  it('do not name the engine if there is only one', async () => {
    const alone = { name: 'embedded', label: 'Kickoff', isElsewhere: false, engine: embedded };
    const [definition] = await combineEngines([alone], {
      db: database().db,
      patienceMs,
      logger,
    }).listProcessDefinitions();
    expect(definition).toMatchObject({ id: 'lead', name: 'Create lead' });
    expect(definition?.engine).toBeUndefined();
  });

  it('each handle their own keys', async () => {
    const changed: string[] = [];
    engines.onProcessInstanceChange(async (key) => {
      changed.push(key);
    });
    await engines.start();
    const own = (await start('lead')).processInstanceKey;
    const other = (await start('operaton:lead')).processInstanceKey;
    expect([own, other]).toEqual(['1', 'operaton:1']);
    await expect.poll(() => changed.toSorted()).toEqual([own, other]);
    expect(await engines.getProcessInstance(other)).toMatchObject({ key: other, processDefinitionId: 'operaton:lead' });
    expect(await engines.getProcessInstance(own)).toMatchObject({ key: own, processDefinitionId: 'lead' });
    const [task] = await engines.listUserTasks(other);
    expect(task).toMatchObject({ name: 'Check', processInstanceKey: other });
    expect(task?.key).toMatch(/^operaton:1-/);
    await engines.completeUserTask({ taskKey: task?.key ?? '', variables: {}, completedBy: 'U1' });
    const again = engines.completeUserTask({ taskKey: task?.key ?? '', variables: {}, completedBy: 'U2' });
    await expect(again).rejects.toMatchObject({ name: 'UserTaskClosedError', task: { key: task?.key } });
    expect([embedded.completions.length, operaton.completions.length]).toEqual([0, 1]);
  });

  it('find nothing of an engine that is not configured, and report that for commands', async () => {
    expect(await engines.getProcessInstance('camunda8:1')).toBeUndefined();
    expect(await engines.listUserTasks('camunda8:1')).toEqual([]);
    await expect(start('camunda8:lead')).rejects.toThrow(EngineRefusedError);
    await expect(start('camunda8:lead')).rejects.toThrow('There is no engine “camunda8” in ENGINES');
  });

  it('lose no processes while one is unavailable, also after a restart, and start those of the others', async () => {
    await engines.listProcessDefinitions();
    operaton.listProcessDefinitions = away;
    operaton.findMessageReceivers = away;
    operaton.checkHealth = away;
    operaton.startProcessInstance = away;
    engines = combine();
    expect((await engines.listProcessDefinitions()).map(({ id }) => id)).toEqual([
      'lead',
      'operaton:lead',
      'operaton:invoice',
    ]);
    expect((await engines.findMessageReceivers('m')).processDefinitionIds).toContain('operaton:invoice');
    await expect(start('operaton:lead')).rejects.toThrow(EngineUnavailableError);
    await expect(start('lead')).resolves.toEqual({ processInstanceKey: '1' });
    expect(await engines.listAway(1000)).toEqual([
      { label: 'Operaton', isElsewhere: true, reason: 'Operaton does not answer' },
    ]);
  });

  it('report their health in time, also if one hangs', async () => {
    operaton.checkHealth = () => new Promise(() => {});
    expect(await engines.listAway(50)).toMatchObject([{ label: 'Operaton', reason: 'no answer within 0.05 s' }]);
  });
});
