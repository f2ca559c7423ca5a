import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { BpmnError, EngineRefusedError, type Job } from '../../../src/engines/engine.ts';
import * as b from '../diagram-builder.ts';
import { type Cannot, describeNeeds } from './able.ts';
import { contractEngine, waiting } from './contract-engine.ts';
import type { EngineUnderTest } from './engine-under-test.ts';

const caller = (id: string, options: b.CallOptions & { process?: string } = {}) =>
  b.process(
    [
      b.start(),
      b.call('call', options.process ?? 'called', options),
      b.userTask('after'),
      b.boundaryError('refused', 'call', 'REFUSED', { outputs: { why: '=why' } }),
      b.userTask('mend'),
      b.boundaryEscalation('escalated', 'call', 'HELP', { interrupting: false }),
      b.userTask('help'),
      b.boundaryTimer('late', 'call', { duration: 'PT1H' }),
      b.userTask('remind'),
      b.flow('start -> call -> after'),
      b.flow('refused -> mend'),
      b.flow('escalated -> help'),
      b.flow('late -> remind'),
    ],
    { id, name: `Calls by ${id}` },
  );

const called = (id: string, name: string, extensions = '') =>
  b.process(
    [
      b.start(),
      b.and('fork'),
      b.userTask('check', { name }),
      b.userTask('beside'),
      b.xor('which', 'which-work'),
      b.job('work', { outputs: { worked: '=true' } }),
      b.errorEnd('refuse', 'REFUSED'),
      b.escalationThrow('ask', 'HELP'),
      b.script('wrong', '=n + 1', 'm'),
      b.flow('start -> fork -> check -> which -> work'),
      b.flow('which -> refuse', '=answer = "refuse"'),
      b.flow('which -> ask', '=answer = "ask"'),
      b.flow('which -> wrong', '=answer = "wrong"'),
      b.flow('fork -> beside'),
    ],
    { id, name: 'Called', extensions },
  );

const files: Record<string, string> = {
  'all.bpmn': caller('all'),
  'some.bpmn': caller('some', {
    called: { propagateAllParentVariables: 'false', propagateAllChildVariables: 'false' },
    inputs: { passed: '=n' },
    outputs: { result: '=answer' },
  }),
  'none.bpmn': caller('none', { called: { propagateAllChildVariables: 'false' } }),
  'computed.bpmn': caller('computed', { process: '=which' }),
  'called.bpmn': called('called', 'Check'),
  'outer.bpmn': b.process(
    [
      b.start(),
      b.call('call', 'middle'),
      b.boundaryError('refused', 'call'),
      b.userTask('mend'),
      b.userTask('after'),
      b.flow('start -> call -> after'),
      b.flow('refused -> mend'),
    ],
    { id: 'outer' },
  ),
  'middle.bpmn': b.process([b.start(), b.call('call', 'called'), b.flow('start -> call')], { id: 'middle' }),
  'awaited.bpmn': b.process(
    [b.startOn('start', b.messageDefinition('come')), b.userTask('ask'), b.flow('start -> ask')],
    { id: 'awaited' },
  ),
  'itself.bpmn': b.process([b.start(), b.call('call', 'itself'), b.flow('start -> call')], { id: 'itself' }),
  'quick.bpmn': b.process([b.start(), b.script('add', '=n + 1', 'n'), b.flow('start -> add')], { id: 'quick' }),
  'twice.bpmn': b.process(
    [
      b.start(),
      b.call('one', 'quick'),
      b.call('two', 'quick'),
      b.userTask('after'),
      b.flow('start -> one -> two -> after'),
    ],
    { id: 'twice' },
  ),
};

/** Behaviour of call activities in every engine. */
export function callsContract(open: () => Promise<EngineUnderTest>, cannot: Cannot): void {
  describeNeeds(cannot, 'camunda8-files')('calls processes', () => {
    const contract = contractEngine(open, files);
    const { begin, complete, openTask } = contract;
    const openTasks = async (instance: string) =>
      (await contract.engine().listUserTasks(instance)).filter(({ status }) => status === 'open');
    const openIds = async (instance: string) => (await openTasks(instance)).map(({ elementId }) => elementId).sort();
    const untilOpen = (instance: string, ids: string[]) =>
      vi.waitFor(async () => expect(await openIds(instance)).toEqual(ids), waiting);

    it('whose tasks belong to the process that was started', async () => {
      const instance = await begin('all', { n: 1, sessionId: 's' });
      const task = await openTask(instance, 'check');
      expect(task).toMatchObject({
        name: 'Check',
        processInstanceKey: instance,
        processDefinitionId: 'called',
        processName: 'Called',
        variables: { n: 1, sessionId: 's' },
      });
      expect(await contract.engine().getUserTask(task.key)).toEqual(task);
    });

    it('and reports changes in them as its own', async () => {
      const listening = await contract.world().make(files, contract.handle);
      const instance = await begin('all');
      const changes: string[] = [];
      listening.onProcessInstanceChange(async (key) => {
        changes.push(key);
      });
      await listening.start();
      await vi.waitFor(() => expect(changes).toContain(instance), waiting);
      const told = changes.length;
      await complete(instance, 'beside');
      await vi.waitFor(() => expect(changes.slice(told)).toContain(instance), waiting);
      // Only instances with a start are reported; called instances have none.
      for (const key of changes) expect((await contract.engine().getProcessInstance(key))?.startId).toBeDefined();
      await listening.stop();
    });

    it('and continues with their results, once they have ended', async () => {
      const jobs: Job[] = [];
      contract.handle = async (job) => {
        jobs.push(job);
        return { ignored: true };
      };
      const instance = await begin('all', { n: 1 });
      await complete(instance, 'check', { answer: 'yes' });
      await complete(instance, 'beside', { n: 2 });
      await untilOpen(instance, ['after']);
      expect(jobs.map(({ processInstanceKey }) => processInstanceKey)).toEqual([instance]);
      const found = await contract.engine().getProcessInstance(instance);
      expect(found).toMatchObject({ status: 'active', variables: { n: 2, answer: 'yes', worked: true } });
      await complete(instance, 'after');
      expect(await contract.engine().getProcessInstance(instance)).toMatchObject({ status: 'completed' });
    });

    it('and passes on only the mapped variables', async () => {
      contract.handle = async () => ({});
      const instance = await begin('some', { n: 1, other: 2, sessionId: 's' });
      // Every instance has the session's id.
      expect((await openTask(instance, 'check')).variables).toEqual({ passed: 1, sessionId: 's' });
      await complete(instance, 'check', { answer: 'yes' });
      await complete(instance, 'beside');
      await untilOpen(instance, ['after']);
      expect((await contract.engine().getProcessInstance(instance))?.variables).toEqual({
        n: 1,
        other: 2,
        sessionId: 's',
        result: 'yes',
      });
    });

    it('and takes no variables back if it is configured so', async () => {
      const instance = await begin('none', { n: 1 });
      await complete(instance, 'check', { answer: 'yes', n: 5 });
      await complete(instance, 'beside');
      await untilOpen(instance, ['after']);
      expect((await contract.engine().getProcessInstance(instance))?.variables).toEqual({ n: 1 });
    });

    it('that end before they wait', async () => {
      const instance = await begin('twice', { n: 1 });
      expect(await openIds(instance)).toEqual(['after']);
      expect((await contract.engine().getProcessInstance(instance))?.variables).toEqual({ n: 3 });
    });

    it('once for a start, however often and concurrently it is asked', async () => {
      const request = { startId: '00000000-0000-4000-9000-999999999999', processDefinitionId: 'all', variables: {} };
      const keys = await Promise.all(Array.from({ length: 5 }, () => contract.engine().startProcessInstance(request)));
      expect(new Set(keys.map((key) => key.processInstanceKey)).size).toBe(1);
      expect(await openIds(keys[0]?.processInstanceKey ?? '')).toEqual(['beside', 'check']);
    });

    it.each([['refuse'], ['job']])('and catches an error of theirs, which ends them: by %s', async (how) => {
      contract.handle = async () => {
        throw new BpmnError('REFUSED', 'no', { why: 'because' });
      };
      const instance = await begin('all', { why: 'unknown' });
      const beside = await openTask(instance, 'beside');
      await complete(instance, 'check', { answer: how });
      await untilOpen(instance, ['mend']);
      expect(await contract.engine().getUserTask(beside.key)).toMatchObject({ status: 'cancelled' });
      const { variables } = await openTask(instance, 'mend');
      if (how === 'job') expect(variables).toEqual({ why: 'because' });
    });

    it('and catches an error through several of them', async () => {
      const instance = await begin('outer');
      await complete(instance, 'check', { answer: 'refuse' });
      expect(await openIds(instance)).toEqual(['mend']);
    });

    it('and has an incident at an error that nobody catches, in the called process', async () => {
      contract.handle = async () => {
        throw new BpmnError('OTHER', 'no');
      };
      const instance = await begin('all');
      await complete(instance, 'check', { answer: 'job' });
      expect((await contract.untilStatus(instance, 'incident')).reason).toContain('“OTHER”');
    });

    it('and catches an escalation while they continue', async () => {
      const instance = await begin('all');
      await complete(instance, 'check', { answer: 'ask' });
      expect(await openIds(instance)).toEqual(['beside', 'help']);
      await complete(instance, 'beside');
      expect(await openIds(instance)).toEqual(['after', 'help']);
    });

    it('and ends them when it is interrupted or cancelled', async () => {
      const late = await begin('all');
      const cancelled = await begin('outer');
      const tasks = [...(await openTasks(late)), ...(await openTasks(cancelled))];
      expect(tasks).toHaveLength(4);
      await contract.engine().cancelProcessInstance(cancelled);
      await contract.world().advance(3_600_000);
      await untilOpen(late, ['remind']);
      for (const { key } of tasks)
        expect(await contract.engine().getUserTask(key)).toMatchObject({ status: 'cancelled' });
      expect(await contract.engine().getProcessInstance(cancelled)).toMatchObject({ status: 'terminated' });
    });

    it('and ends once, whatever happens to them and to itself at the same time', async () => {
      for (let i = 0; i < 5; i++) {
        const instance = await begin('outer');
        const tasks = await openTasks(instance);
        await Promise.allSettled([
          ...tasks.map(({ key: taskKey }) =>
            contract.engine().completeUserTask({ taskKey, variables: { answer: 'refuse' }, completedBy: 'U1' }),
          ),
          contract.engine().cancelProcessInstance(instance),
        ]);
        expect(await contract.engine().getProcessInstance(instance)).toMatchObject({ status: 'terminated' });
        expect(await openIds(instance)).toEqual([]);
      }
    });

    it('and shows their incidents as its own, to be resolved', async () => {
      const instance = await begin('all');
      await complete(instance, 'check', { answer: 'wrong' });
      const found = await contract.untilStatus(instance, 'incident');
      expect(found).toMatchObject({ reason: expect.stringMatching(/^Script task \(wrong\)/) });
      const [incident] = await contract.engine().listIncidents(instance);
      if (!incident) throw new Error('no incident');
      await contract.engine().setVariables({ scopeKey: incident.processInstanceKey, variables: { n: 1 }, local: true });
      await contract.engine().resolveIncident(incident.key);
      expect(await contract.engine().getProcessInstance(instance)).toMatchObject({
        status: 'active',
        reason: undefined,
      });
      await expect(contract.engine().cancelProcessInstance(incident.processInstanceKey)).rejects.toThrow(
        EngineRefusedError,
      );
      await complete(instance, 'beside');
      expect(await openIds(instance)).toEqual(['after']);
    });

    it('that do not exist: an incident, until they do', async () => {
      const instance = await begin('computed', { which: 'nothing' });
      expect(await contract.engine().getProcessInstance(instance)).toMatchObject({
        status: 'incident',
        reason: 'Call activity (call): there is no process “nothing” to call',
      });
      const [incident] = await contract.engine().listIncidents(instance);
      expect(incident).toMatchObject({ type: 'CALLED_ELEMENT_ERROR', elementId: 'call' });
      await contract.engine().setVariables({ scopeKey: instance, variables: { which: 'called' }, local: false });
      await contract.engine().resolveIncident(incident?.key ?? '');
      expect(await openIds(instance)).toEqual(['beside', 'check']);
    });

    it('but none that only a message starts', async () => {
      const instance = await begin('computed', { which: 'awaited' });
      expect((await contract.engine().getProcessInstance(instance))?.reason).toBe(
        'Call activity (call): the process “awaited” begins with events only and cannot be called',
      );
    });

    it('but not without end', async () => {
      const instance = await begin('itself');
      // External engines read each of the hundred levels separately.
      const found = await contract.untilStatus(instance, 'incident', { timeout: 90_000 });
      expect(found).toMatchObject({ reason: expect.stringContaining('call each other') });
      await contract.engine().cancelProcessInstance(instance);
      expect(await contract.engine().getProcessInstance(instance)).toMatchObject({ status: 'terminated' });
    });

    it('of the version that it asks for', async () => {
      const tag = (value: string) => `<zeebe:versionTag value="${value}"/>`;
      const bound = {
        'newest.bpmn': caller('newest', { process: 'versioned' }),
        'together.bpmn': caller('together', { process: 'versioned', called: { bindingType: 'deployment' } }),
        'tagged.bpmn': caller('tagged', {
          process: 'versioned',
          called: { bindingType: 'versionTag', versionTag: 'v1' },
        }),
        'absent.bpmn': caller('absent', {
          process: 'versioned',
          called: { bindingType: 'versionTag', versionTag: 'v9' },
        }),
      };
      const first = await contract
        .world()
        .make({ ...bound, 'v.bpmn': called('versioned', 'First', tag('v1')) }, contract.handle);
      const second = await contract
        .world()
        .make({ ...bound, 'v.bpmn': called('versioned', 'Second', tag('v2')) }, contract.handle);
      const nameIn = async (process: string) => {
        const request = { startId: randomUUID(), processDefinitionId: process, variables: {} };
        const { processInstanceKey } = await second.startProcessInstance(request);
        const tasks = await second.listUserTasks(processInstanceKey);
        return tasks.find(({ elementId }) => elementId === 'check')?.name;
      };
      expect(await nameIn('newest')).toBe('Second');
      expect(await nameIn('together')).toBe('First');
      expect(await nameIn('tagged')).toBe('First');
      expect(await nameIn('absent')).toBeUndefined();
      await first.stop();
      await second.stop();
    });
  });
}
