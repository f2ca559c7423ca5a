import { describe, expect, it, vi } from 'vitest';
import { EngineRefusedError, PermanentJobError } from '../../../src/engines/engine.ts';
import * as b from '../diagram-builder.ts';
import { type Cannot, itNeeds } from './able.ts';
import { contractEngine, waiting } from './contract-engine.ts';
import type { EngineUnderTest } from './engine-under-test.ts';

const files = {
  'choice.bpmn': b.process(
    [
      b.start(),
      b.and('fork'),
      b.userTask('beside'),
      b.job('first', { outputs: { counted: '=n' } }),
      b.xor('decide', 'decide-small'),
      b.userTask('large'),
      b.userTask('small'),
      b.flow('start -> fork -> beside'),
      b.flow('fork -> first -> decide'),
      b.flow('decide -> large', '=limit > 100'),
      b.flow('decide -> small'),
    ],
    { id: 'choice' },
  ),
  'mapped.bpmn': b.process(
    [
      b.start(),
      b.userTask('ask', { inputs: { question: '="Hello " + name' }, outputs: { sum: '=a + c' } }),
      b.end(),
      b.flow('start -> ask -> end'),
    ],
    { id: 'mapped' },
  ),
  'job.bpmn': b.process([b.start(), b.job('post', { name: 'Post' }), b.end(), b.flow('start -> post -> end')], {
    id: 'job',
  }),
  'error.bpmn': b.process(
    [
      b.start(),
      b.sub('inner', [b.start('s'), b.errorEnd('fail', '=code'), b.flow('s -> fail')]),
      b.boundaryError('caught', 'inner', 'KNOWN'),
      b.userTask('mend'),
      b.flow('start -> inner'),
      b.flow('caught -> mend'),
    ],
    { id: 'error' },
  ),
  'scopes.bpmn': b.process(
    [
      b.start(),
      b.sub(
        'inner',
        [b.start('s'), b.userTask('ask', { inputs: { own: '=1' } }), b.end('e'), b.flow('s -> ask -> e')],
        {
          inputs: { middle: '=2' },
        },
      ),
      b.end(),
      b.flow('start -> inner -> end'),
    ],
    { id: 'scopes' },
  ),
};

/** Incidents and their resolution, variables, and history in every engine. */
export function operationsContract(open: () => Promise<EngineUnderTest>, cannot: Cannot): void {
  describe('operations on an instance', () => {
    const contract = contractEngine(open, files);
    const { begin, openTask, complete, untilStatus } = contract;
    const resolveAll = async (instance: string, options?: { retries?: number }) => {
      for (const { key } of await contract.engine().listIncidents(instance))
        await contract.engine().resolveIncident(key, options);
    };
    const history = async (instance: string) =>
      (await contract.engine().listElementInstances(instance)).map(({ elementId, status }) => `${elementId} ${status}`);

    itNeeds(cannot, 'expression-incidents')(
      'has an incident at a condition that is not boolean, continues in parallel, and there once the variable is set',
      async () => {
        const jobs: string[] = [];
        contract.handle = async ({ key }) => {
          jobs.push(key);
          return { n: 1 };
        };
        const instance = await begin('choice');
        await untilStatus(instance, 'incident');
        const engine = contract.engine();
        const [incident, ...others] = await engine.listIncidents(instance);
        expect(others).toEqual([]);
        expect(incident).toMatchObject({
          processInstanceKey: instance,
          elementId: 'decide',
          type: 'EXTRACT_VALUE_ERROR',
          reason: expect.stringMatching(/^Exclusive gateway \(decide\): .*limit/),
        });
        await complete(instance, 'beside');
        expect(await engine.getProcessInstance(instance)).toMatchObject({ status: 'incident' });

        await resolveAll(instance);
        expect(await engine.listIncidents(instance)).toHaveLength(1);
        await engine.setVariables({ scopeKey: instance, variables: { limit: 200 }, local: false });
        await resolveAll(instance);
        await openTask(instance, 'large');
        expect(await engine.listIncidents(instance)).toEqual([]);
        expect(await engine.getProcessInstance(instance)).toMatchObject({ status: 'active', reason: undefined });
        expect(jobs).toHaveLength(1);
        if (incident) await engine.resolveIncident(incident.key);
        expect(await engine.listUserTasks(instance)).toHaveLength(2);
      },
    );

    itNeeds(cannot, 'expression-incidents')(
      'resolves an incident of an output mapping without repeating the task',
      async () => {
        const instance = await begin('mapped', { name: 'Ann', c: 'x' });
        await complete(instance, 'ask', { a: 1 });
        expect((await untilStatus(instance, 'incident')).reason).toContain('(ask)');
        const engine = contract.engine();
        await engine.setVariables({ scopeKey: instance, variables: { c: 2 }, local: false });
        await resolveAll(instance);
        expect(await untilStatus(instance, 'completed')).toMatchObject({ variables: { name: 'Ann', c: 2, sum: 3 } });
        expect(await engine.listUserTasks(instance)).toHaveLength(1);
      },
    );

    it('resolves a job without retries with the given number of retries', async () => {
      let attempts = 0;
      contract.handle = async () => {
        attempts += 1;
        if (attempts < 3) throw new PermanentJobError('the CRM is away');
        return {};
      };
      const instance = await begin('job');
      await untilStatus(instance, 'incident');
      const engine = contract.engine();
      expect(await engine.listIncidents(instance)).toMatchObject([
        { elementId: 'post', type: 'JOB_NO_RETRIES', reason: 'Service task “Post” (post): the CRM is away' },
      ]);
      await resolveAll(instance);
      await vi.waitFor(async () => {
        expect(attempts).toBe(2);
        expect(await engine.listIncidents(instance)).toHaveLength(1);
      }, waiting);
      await resolveAll(instance, { retries: 3 });
      await untilStatus(instance, 'completed');
      expect(attempts).toBe(3);
    });

    itNeeds(cannot, 'uncaught-errors')('throws an uncaught error again on resolution', async () => {
      const instance = await begin('error', { code: 'UNKNOWN' });
      await untilStatus(instance, 'incident');
      const engine = contract.engine();
      expect(await engine.listIncidents(instance)).toMatchObject([
        { elementId: 'fail', type: 'UNHANDLED_ERROR_EVENT' },
      ]);
      await engine.setVariables({ scopeKey: instance, variables: { code: 'KNOWN' }, local: false });
      await resolveAll(instance);
      await openTask(instance, 'mend');
    });

    it('reads and sets variables by scope', async () => {
      const instance = await begin('scopes', { top: 3 });
      const { key } = await openTask(instance, 'ask');
      const engine = contract.engine();
      const inner = (await engine.listElementInstances(instance)).find(({ elementId }) => elementId === 'inner');
      const innerKey = inner?.key ?? '';
      expect(await engine.getVariables(instance)).toEqual({ top: 3 });
      expect(await engine.getVariables(innerKey)).toEqual({ top: 3, middle: 2 });
      expect(await engine.getVariables(innerKey, { local: true })).toEqual({ middle: 2 });
      expect(await engine.getVariables(key)).toEqual({ top: 3, middle: 2, own: 1 });

      await engine.setVariables({
        scopeKey: key,
        variables: { own: 10, middle: 20, top: 30, fresh: 40 },
        local: false,
      });
      expect(await engine.getVariables(instance)).toEqual({ top: 30, fresh: 40 });
      expect(await engine.getVariables(innerKey, { local: true })).toEqual({ middle: 20 });
      expect(await engine.getVariables(key, { local: true })).toEqual({ own: 10 });

      await engine.setVariables({ scopeKey: innerKey, variables: { top: 31 }, local: true });
      expect(await engine.getVariables(instance)).toEqual({ top: 30, fresh: 40 });
      expect((await engine.getUserTask(key))?.variables).toEqual({ own: 10, middle: 20, top: 31, fresh: 40 });
    });

    it('refuses to set variables in a scope that has ended', async () => {
      const instance = await begin('scopes');
      const { key } = await openTask(instance, 'ask');
      await complete(instance, 'ask');
      await untilStatus(instance, 'completed');
      const engine = contract.engine();
      for (const scopeKey of [key, instance, '999999', 'no key']) {
        const setting = engine.setVariables({ scopeKey, variables: { a: 1 }, local: false });
        await expect(setting).rejects.toThrow(EngineRefusedError);
      }
      expect(await engine.getVariables(key)).toBeUndefined();
      expect(await engine.getVariables('no key')).toBeUndefined();
    });

    it('records which element was entered and left when, and how', async () => {
      contract.handle = async () => ({});
      const instance = await begin('scopes');
      expect(await history(instance)).toEqual([
        'scopes active',
        'start completed',
        'inner active',
        's completed',
        'ask active',
      ]);
      await complete(instance, 'ask');
      await untilStatus(instance, 'completed');
      const elements = await contract.engine().listElementInstances(instance);
      expect(elements.map(({ elementId, status }) => `${elementId} ${status}`)).toEqual([
        'scopes completed',
        'start completed',
        'inner completed',
        's completed',
        'ask completed',
        'e completed',
        'end completed',
      ]);
      const [process, start, inner, , ask] = elements;
      expect(process).toMatchObject({ key: instance, parentKey: undefined });
      expect(start).toMatchObject({ parentKey: instance });
      expect(ask).toMatchObject({ parentKey: inner?.key });
      expect(ask?.leftAt?.getTime()).toBeGreaterThanOrEqual(ask?.enteredAt.getTime() ?? Number.POSITIVE_INFINITY);
    });

    it('records what was cancelled', async () => {
      const instance = await begin('choice', { limit: 1 });
      await openTask(instance, 'small');
      await contract.engine().cancelProcessInstance(instance);
      const told = await history(instance);
      expect(told).toContain('small terminated');
      expect(told).toContain('beside terminated');
      expect(told).toContain('choice terminated');
      expect(told).toContain('first completed');
    });

    itNeeds(cannot, 'uncaught-errors')('records incidents', async () => {
      const stuck = await begin('error', { code: 'UNKNOWN' });
      await untilStatus(stuck, 'incident');
      const elements = await contract.engine().listElementInstances(stuck);
      expect(elements.find(({ elementId }) => elementId === 'fail')).toMatchObject({
        status: 'incident',
        reason: expect.stringContaining('UNKNOWN'),
        leftAt: undefined,
      });
    });

    it('has the diagram, with the elements that the history names', async () => {
      expect(await contract.engine().getDiagram(await begin('scopes'))).toContain('id="inner"');
      expect(await contract.engine().getDefinitionDiagram('scopes')).toContain('id="inner"');
      expect(await contract.engine().getDefinitionDiagram('nobody')).toBeUndefined();
      expect(await contract.engine().getDiagram('999999')).toBeUndefined();
      expect(await contract.engine().listElementInstances('999999')).toEqual([]);
    });
  });
}
