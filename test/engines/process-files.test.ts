import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProcessEngine } from '../../src/engines/engine.ts';
import * as b from './diagram-builder.ts';
import { type EmbeddedWorld, openEmbeddedWorld } from './embedded-world.ts';

let world: EmbeddedWorld;
let engine: ProcessEngine | undefined;
beforeEach(async () => {
  world = await openEmbeddedWorld();
});
afterEach(async () => {
  await engine?.stop();
  engine = undefined;
  await world.close();
});

async function start(files: Record<string, string>, variables = {}, startId = 'start-1'): Promise<string> {
  engine = await world.make(files, async () => ({}), ['work']);
  await engine.start();
  const request = { startId, processDefinitionId: 'process', variables };
  return (await engine.startProcessInstance(request)).processInstanceKey;
}

const listTasks = async (key: string) => (await engine?.listUserTasks(key)) ?? [];

describe('the files of the embedded engine', () => {
  it('have a task’s form in the diagram itself', async () => {
    const json = '{ "components": [{ "type": "textfield", "key": "a", "label": "A" }] }';
    const key = await start({
      'a.bpmn': b.process(
        [
          b.start(),
          b.userTask('x', { extensions: '<zeebe:formDefinition formKey="camunda-forms:bpmn:mine"/>' }),
          b.flow('start -> x'),
        ],
        { extensions: `<zeebe:userTaskForm id="mine">${json}</zeebe:userTaskForm>` },
      ),
    });
    await vi.waitFor(async () => expect(await listTasks(key)).toHaveLength(1));
    expect((await listTasks(key))[0]?.form?.items).toMatchObject([{ key: 'a', label: 'A' }]);
  });

  it('of one process id: the one that is in place stays after a restart, whatever the newcomer is called', async () => {
    const named = (name: string) => b.process([b.start(), b.userTask('x', { name, form: 'f' }), b.flow('start -> x')]);
    const form = (label: string) => JSON.stringify({ id: 'f', components: [{ type: 'textfield', key: 'a', label }] });
    await start({ 'm.bpmn': named('First'), 'm.form': form('First') });
    await engine?.stop();
    const key = await start(
      {
        'a.bpmn': named('Newcomer'),
        'm.bpmn': named('First'),
        'a.form': form('Newcomer'),
        'm.form': form('First'),
      },
      {},
      'start-2',
    );
    await vi.waitFor(async () => expect(await listTasks(key)).toHaveLength(1));
    expect((await listTasks(key))[0]).toMatchObject({ name: 'First', form: { items: [{ label: 'First' }] } });
    expect(await engine?.listProcessDefinitions()).toMatchObject([{ id: 'process', version: 1 }]);
  });

  it('may name a job type that nothing does only while the process runs: an incident, which says so', async () => {
    const work = b.job('x', { type: '=kind' });
    const key = await start(
      { 'a.bpmn': b.process([b.start(), work, b.end(), b.flow('start -> x -> end')]) },
      { kind: 'fax' },
    );
    const incidents = (await engine?.listIncidents(key)) ?? [];
    expect(incidents).toMatchObject([{ reason: 'Service task (x): nothing here does jobs of the type fax' }]);
    await engine?.setVariables({ scopeKey: key, variables: { kind: 'work' }, local: false });
    await engine?.resolveIncident(incidents[0]?.key ?? '');
    await vi.waitFor(async () => expect(await engine?.getProcessInstance(key)).toMatchObject({ status: 'completed' }));
  });
});
