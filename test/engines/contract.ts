import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  BpmnError,
  EngineRefusedError,
  type Job,
  PermanentJobError,
  type ProcessEngine,
  type UserTask,
  UserTaskClosedError,
} from '../../src/engines/engine.ts';
import { UnavailableError } from '../../src/errors.ts';
import type { Variables } from '../../src/processes/value-types.ts';
import { type Cannot, itNeeds } from './contract/able.ts';
import { callsContract } from './contract/calls.ts';
import type { EngineUnderTest } from './contract/engine-under-test.ts';
import { exactNumbersContract } from './contract/exact-numbers.ts';
import { messagesContract } from './contract/messages.ts';
import { multiInstanceContract } from './contract/multi-instance.ts';
import { operationsContract } from './contract/operations.ts';
import { signalsAndTimersContract } from './contract/signals-and-timers.ts';
import { userTasksContract } from './contract/user-tasks.ts';
import { versionsContract } from './contract/versions.ts';
import * as b from './diagram-builder.ts';
import { scenariosContract } from './scenarios/contract.ts';

const leadForm = JSON.stringify({
  type: 'default',
  id: 'lead-form',
  components: [
    { type: 'textfield', key: 'email', label: 'E-mail', validate: { required: true, validationType: 'email' } },
    { type: 'number', key: 'amount', label: 'Amount' },
  ],
});
const answerForm = JSON.stringify({
  type: 'default',
  id: 'answer-form',
  components: [{ type: 'textarea', key: 'answer', label: 'Answer' }],
});

const files: Record<string, string> = {
  'lead.form': leadForm,
  'nested/answer.form': answerForm,
  'lead.bpmn': b.process(
    [
      b.start('start', { form: 'lead-form' }),
      b.userTask('qualify', {
        name: 'Qualify lead',
        form: 'answer-form',
        assignee: '=owner',
        candidateUsers: 'U1, U2',
        candidateGroups: '=["sales"]',
        inputs: { greeting: '="Dear " + email' },
      }),
      b.end(),
      b.flow('start -> qualify -> end'),
    ],
    { id: 'lead', name: 'Create lead', properties: { workspace: 'CRM', app: 'Leads', description: 'Posts a lead' } },
  ),
  'job.bpmn': b.process(
    [
      b.start(),
      b.job('post', {
        name: 'Post',
        type: 'work',
        retries: '2',
        headers: { method: 'POST', retryBackoff: 'PT10S' },
        inputs: { body: '=text' },
        outputs: { posted: '=id' },
      }),
      b.boundaryError('taken', 'post', 'TAKEN', { outputs: { why: '=detail' } }),
      b.userTask('mend'),
      b.end(),
      b.end('mended'),
      b.flow('start -> post -> end'),
      b.flow('taken -> mend -> mended'),
    ],
    { id: 'job' },
  ),
  'timer.bpmn': b.process(
    [
      b.start(),
      b.timer('pause', { duration: '=pause' }),
      b.userTask('answer', { name: 'Answer' }),
      b.boundaryTimer('late', 'answer', { duration: 'PT1H' }),
      b.userTask('escalated'),
      b.end(),
      b.end('end2'),
      b.flow('start -> pause -> answer -> end'),
      b.flow('late -> escalated -> end2'),
    ],
    { id: 'timer' },
  ),
  'wrong.bpmn': b.process(
    [
      b.start(),
      b.xor('decide'),
      b.end('yes'),
      b.end('no'),
      b.flow('start -> decide'),
      b.flow('decide -> yes', '=big'),
      b.flow('decide -> no', '=not(big)'),
    ],
    { id: 'wrong' },
  ),
};

/** The behaviour that Kickoff requires of every engine. */
export function engineContract(
  name: string,
  open: () => Promise<EngineUnderTest>,
  { cannot = new Set(), hasScenarios = true }: { cannot?: Cannot; hasScenarios?: boolean } = {},
): void {
  operationsContract(open, cannot);
  callsContract(open, cannot);
  multiInstanceContract(open, cannot);
  if (hasScenarios) scenariosContract(open, cannot);
  exactNumbersContract(open, cannot);
  messagesContract(open, cannot);
  versionsContract(open, cannot);
  signalsAndTimersContract(open, cannot);
  userTasksContract(open, cannot);
  describe(`${name} keeps the engine's contract`, () => {
    let world: EngineUnderTest;
    let engine: ProcessEngine;
    let handle: (job: Job, signal: AbortSignal) => Promise<Variables>;
    const changes: string[] = [];
    let count = 0;
    const startId = () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`;
    const begin = async (processDefinitionId: string, variables: Variables) =>
      (await engine.startProcessInstance({ startId: startId(), processDefinitionId, variables })).processInstanceKey;
    const openTask = async (instance: string, elementId: string): Promise<UserTask> =>
      vi.waitFor(async () => {
        const tasks = await engine.listUserTasks(instance);
        const task = tasks.find((one) => one.elementId === elementId && one.status === 'open');
        if (!task) throw new Error(`no open task ${elementId}`);
        return task;
      }, waiting);
    const untilStatus = (instance: string, status: string) =>
      vi.waitFor(async () => {
        const found = await engine.getProcessInstance(instance);
        expect(found?.status).toBe(status);
        return found;
      }, waiting);

    beforeAll(async () => {
      world = await open();
      engine = await world.make(files, (job, signal) => handle(job, signal));
      engine.onProcessInstanceChange(async (key) => {
        changes.push(key);
      });
      await engine.start();
    });
    afterAll(async () => {
      await engine?.stop();
      await world?.close();
    });

    it('lists the definitions with their scope and parameters', async () => {
      const definitions = await engine.listProcessDefinitions();
      expect(definitions.map(({ id }) => id).sort()).toEqual(['job', 'lead', 'timer', 'wrong']);
      expect(definitions.find(({ id }) => id === 'lead')).toMatchObject({
        name: 'Create lead',
        workspace: 'CRM',
        app: 'Leads',
        description: 'Posts a lead',
        startForm: { id: 'lead-form' },
        parameters: [
          { key: 'email', label: 'E-mail', type: 'email', required: true },
          { key: 'amount', label: 'Amount', type: 'number', required: false },
        ],
      });
      expect(definitions.find(({ id }) => id === 'job')).toMatchObject({ parameters: [] });
    });

    it('starts once per start id, however often and concurrently it is asked', async () => {
      const request = { startId: startId(), processDefinitionId: 'lead', variables: { email: 'a@b.c', owner: 'U1' } };
      const keys = await Promise.all(Array.from({ length: 8 }, () => engine.startProcessInstance(request)));
      expect(new Set(keys.map((key) => key.processInstanceKey)).size).toBe(1);
      const again = await engine.startProcessInstance({ ...request, processDefinitionId: 'gone', variables: {} });
      expect(again).toEqual(keys[0]);
      const instance = again.processInstanceKey;
      expect(await engine.listUserTasks(instance)).toHaveLength(1);
      expect(await engine.getProcessInstance(instance)).toMatchObject({
        key: instance,
        startId: request.startId,
        processDefinitionId: 'lead',
        status: 'active',
        reason: undefined,
        variables: request.variables,
      });
    });

    it('refuses a process that does not exist', async () => {
      await expect(begin('nothing', {})).rejects.toThrow(EngineRefusedError);
      await expect(begin('nothing', {})).rejects.toThrow('There is no process “nothing”');
    });

    it.each([[{}], [{ email: null }], [{ email: '' }]])(
      'refuses a start without a required parameter: %j',
      async (given) => {
        const starting = begin('lead', { owner: 'U1', ...given });
        await expect(starting).rejects.toThrow(EngineRefusedError);
        await expect(starting).rejects.toThrow('“E-mail” is required');
      },
    );

    it('finds no instance and no task under other keys', async () => {
      expect(await engine.getProcessInstance('999999')).toBeUndefined();
      expect(await engine.getProcessInstance('no key')).toBeUndefined();
      expect(await engine.getUserTask('999999-2')).toBeUndefined();
      expect(await engine.getUserTask('no key')).toBeUndefined();
      expect(await engine.listUserTasks('no key')).toEqual([]);
      await expect(engine.completeUserTask({ taskKey: 'no key', variables: {}, completedBy: 'U1' })).rejects.toThrow(
        UserTaskClosedError,
      );
    });

    it('shows a user task with its form, assignment and variables', async () => {
      const instance = await begin('lead', { email: 'a@b.c', owner: 'U7' });
      const task = await openTask(instance, 'qualify');
      expect(task).toMatchObject({
        processInstanceKey: instance,
        processDefinitionId: 'lead',
        processName: 'Create lead',
        name: 'Qualify lead',
        assignee: 'U7',
        candidateUsers: ['U1', 'U2'],
        candidateGroups: ['sales'],
        form: { id: 'answer-form' },
        variables: { email: 'a@b.c', owner: 'U7', greeting: 'Dear a@b.c' },
        completedBy: undefined,
      });
      expect(task.createdAt).toBeInstanceOf(Date);
      expect(await engine.getUserTask(task.key)).toEqual(task);
    });

    it('completes a user task once and says who did', async () => {
      const instance = await begin('lead', { email: 'a@b.c', owner: 'U1' });
      const { key: taskKey } = await openTask(instance, 'qualify');
      const results = await Promise.allSettled(
        ['U1', 'U2', 'U3'].map((completedBy) =>
          engine.completeUserTask({ taskKey, variables: { answer: completedBy }, completedBy }),
        ),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const task = await engine.getUserTask(taskKey);
      expect(task).toMatchObject({ status: 'completed' });
      expect(await untilStatus(instance, 'completed')).toMatchObject({ variables: { answer: task?.completedBy } });
      const late: unknown = await engine
        .completeUserTask({ taskKey, variables: {}, completedBy: 'U9' })
        .catch((error: unknown) => error);
      expect(late).toBeInstanceOf(UserTaskClosedError);
      expect(late).toMatchObject({ message: `already completed by ${task?.completedBy}`, task: { key: taskKey } });
    });

    it('gives a job its key, headers and variables, and maps what it returns', async () => {
      const seen: Job[] = [];
      handle = async (job) => {
        seen.push(job);
        return { id: 17, other: true };
      };
      const instance = await begin('job', { text: 'hello' });
      expect(await untilStatus(instance, 'completed')).toMatchObject({ variables: { text: 'hello', posted: 17 } });
      expect(seen).toHaveLength(1);
      expect(seen[0]).toMatchObject({
        type: 'work',
        processInstanceKey: instance,
        elementId: 'post',
        variables: { text: 'hello', body: 'hello' },
        headers: { method: 'POST' },
        attempt: 1,
      });
      expect(seen[0]?.key).toMatch(/./);
    });

    it('retries a failed job, after its backoff and under the same key', async () => {
      const seen: Job[] = [];
      handle = async (job) => {
        seen.push(job);
        if (seen.length === 1) throw new Error('the CRM is away');
        return {};
      };
      const instance = await begin('job', { text: 'hello' });
      await vi.waitFor(() => expect(seen).toHaveLength(1), waiting);
      expect(await engine.getProcessInstance(instance)).toMatchObject({ status: 'active' });
      await passUntil(world, 10_000, () => seen.length > 1);
      await untilStatus(instance, 'completed');
      expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2]);
      expect(seen[0]?.key).toBe(seen[1]?.key);
    });

    it('creates an incident for a job without retries left', async () => {
      let attempts = 0;
      handle = async () => {
        attempts += 1;
        throw new Error('the CRM is away');
      };
      const instance = await begin('job', { text: 'hello' });
      await passUntil(world, 10_000, () => attempts > 1);
      const found = await untilStatus(instance, 'incident');
      expect(found?.reason).toBe('Service task “Post” (post): the CRM is away');
      expect(attempts).toBe(2);
    });

    it('waits as long as it takes until a service that a job needs is available again', async () => {
      let attempts = 0;
      handle = async () => {
        attempts += 1;
        if (attempts < 6) throw new UnavailableError('Slack does not answer');
        return {};
      };
      const instance = await begin('job', { text: 'hello' });
      await passUntil(world, 120_000, () => attempts > 5);
      await untilStatus(instance, 'completed');
    });

    it('creates an incident at once for a job with a permanent error', async () => {
      let attempts = 0;
      handle = async () => {
        attempts += 1;
        throw new PermanentJobError('there is no such secret');
      };
      const instance = await begin('job', { text: 'hello' });
      const found = await untilStatus(instance, 'incident');
      expect(found?.reason).toContain('there is no such secret');
      expect(attempts).toBe(1);
    });

    it('lets a boundary event catch a BPMN error of its code, with the variables', async () => {
      handle = async () => {
        throw new BpmnError('TAKEN', 'the e-mail is taken', { detail: 'by Ann' });
      };
      const instance = await begin('job', { text: 'hello' });
      const task = await openTask(instance, 'mend');
      expect(task.variables).toMatchObject({ text: 'hello', why: 'by Ann' });
    });

    itNeeds(cannot, 'uncaught-errors')('creates an incident for a BPMN error that nobody catches', async () => {
      handle = async () => {
        throw new BpmnError('OTHER', 'who knows');
      };
      const instance = await begin('job', { text: 'hello' });
      expect((await untilStatus(instance, 'incident'))?.reason).toMatch(/Service task “Post” \(post\).*OTHER/);
    });

    it('waits for timers, and interrupts a task at its boundary timer', async () => {
      const instance = await begin('timer', { pause: 'PT30M' });
      expect(await engine.listUserTasks(instance)).toEqual([]);
      await world.advance(29 * 60_000);
      expect(await engine.listUserTasks(instance)).toEqual([]);
      await world.advance(60_000);
      const task = await openTask(instance, 'answer');
      await world.advance(3_600_000);
      await openTask(instance, 'escalated');
      expect(await engine.getUserTask(task.key)).toMatchObject({ status: 'cancelled', completedBy: undefined });
      await expect(engine.completeUserTask({ taskKey: task.key, variables: {}, completedBy: 'U1' })).rejects.toThrow(
        'the task is no longer open',
      );
    });

    it('cancels an instance, and does not change an ended one', async () => {
      const instance = await begin('lead', { email: 'a@b.c', owner: 'U1' });
      const { key } = await openTask(instance, 'qualify');
      await engine.cancelProcessInstance(instance);
      await engine.cancelProcessInstance(instance);
      expect(await engine.getProcessInstance(instance)).toMatchObject({ status: 'terminated', reason: 'cancelled' });
      expect(await engine.getUserTask(key)).toMatchObject({ status: 'cancelled' });
      await engine.cancelProcessInstance('999999');
    });

    itNeeds(cannot, 'expression-incidents')('has an incident if a condition is neither true nor false', async () => {
      const instance = await begin('wrong', {});
      const found = await untilStatus(instance, 'incident');
      expect(found?.reason).toMatch(/^Exclusive gateway \(decide\): .*big/);
    });

    it('reports every change, also after a handler failed, and those made while nobody listened', async () => {
      const instance = await begin('lead', { email: 'a@b.c', owner: 'U1' });
      await vi.waitFor(() => expect(changes).toContain(instance), waiting);
      await engine.stop();
      const silent = await world.make(files, (job, signal) => handle(job, signal));
      const { key: taskKey } = await openTask(instance, 'qualify');
      await silent.completeUserTask({ taskKey, variables: {}, completedBy: 'U1' });
      await silent.stop();

      engine = await world.make(files, (job, signal) => handle(job, signal));
      const told: string[] = [];
      engine.onProcessInstanceChange(async (key) => {
        told.push(key);
        if (told.filter((one) => one === instance).length === 1) throw new Error('Slack is away');
      });
      await engine.start();
      await vi.waitFor(() => expect(told).toContain(instance), waiting);
      await passUntil(world, 60_000, () => told.filter((key) => key === instance).length >= 2);
    });

    it('is healthy', async () => {
      await engine.checkHealth();
    });

    it('declares its limits, and only tests of these limits are skipped', async () => {
      expect([...engine.limitsOf('lead')].sort()).toEqual([...cannot].sort());
    });
  });
}

const waiting = { timeout: 25_000, interval: 50 };

/** Advances the clock in steps until something has happened. */
async function passUntil(world: EngineUnderTest, stepMs: number, happened: () => boolean): Promise<void> {
  await vi.waitFor(async () => {
    if (happened()) return;
    await world.advance(stepMs);
    throw new Error('not yet');
  }, waiting);
}
