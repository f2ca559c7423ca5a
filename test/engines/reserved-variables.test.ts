import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readFile } from '../../src/engines/embedded/reading/read-file.ts';
import { BpmnError, type ProcessEngine } from '../../src/engines/engine.ts';
import * as b from './diagram-builder.ts';
import { type EmbeddedWorld, openEmbeddedWorld } from './embedded-world.ts';

const own = 'session-of-the-start';
const foreign = { sessionId: 'another-session' };
/** The element x writes the variable, if anything can; the task after it shows the result. */
const around = (id: string, ...content: string[]) => ({
  [`${id}.bpmn`]: b.process([b.start(), ...content, b.userTask('look'), b.end(), b.flow('start -> x -> look -> end')], {
    id,
  }),
});
const each = { inputCollection: '=[{sessionId: "another-session"}]', inputElement: 'item' };

const files = {
  ...around('job', b.job('x')),
  ...around('job-with-outputs', b.job('x', { outputs: { answer: '=answer' } })),
  ...around('task', b.userTask('x')),
  ...around('error', b.job('x'), b.boundary('failed', 'x', b.errorDefinition('E')), b.flow('failed -> look')),
  ...around('message', b.catchEvent('x', b.messageDefinition('told', '=sessionId'))),
  ...around('signal', b.catchEvent('x', b.signalDefinition('told'))),
  ...around('each', b.job('x', { loop: each })),
  ...around('inside', b.sub('x', [b.start('in'), b.job('done'), b.flow('in -> done')])),
  ...around('call', b.call('x', 'called')),
  'called.bpmn': b.process([b.start(), b.job('x'), b.userTask('see'), b.flow('start -> x -> see')], { id: 'called' }),
};

let world: EmbeddedWorld;
let engine: ProcessEngine;
beforeAll(async () => {
  world = await openEmbeddedWorld();
  engine = await world.make(files, async ({ processInstanceKey }) => {
    const instance = await engine.getProcessInstance(processInstanceKey);
    if (instance?.processDefinitionId === 'error') throw new BpmnError('E', 'failed', foreign);
    return { ...foreign, answer: 42 };
  });
  await engine.start();
});
afterAll(async () => {
  await engine?.stop();
  await world?.close();
});

const begin = async (processDefinitionId: string) => {
  const request = { startId: randomUUID(), processDefinitionId, variables: { sessionId: own } };
  return (await engine.startProcessInstance(request)).processInstanceKey;
};
const taskOf = (instance: string, elementId: string) =>
  vi.waitFor(
    async () => {
      const task = (await engine.listUserTasks(instance)).find((one) => one.elementId === elementId);
      if (!task) throw new Error(`there is no task ${elementId}`);
      return task;
    },
    { timeout: 10_000, interval: 20 },
  );

describe('sessionId of an instance never changes', () => {
  it.each(['job', 'job-with-outputs', 'error', 'each', 'inside'])('after a job: %s', async (process) => {
    expect((await taskOf(await begin(process), 'look')).variables.sessionId).toBe(own);
  });

  it('after a task was completed with it', async () => {
    const instance = await begin('task');
    const { key: taskKey } = await taskOf(instance, 'x');
    await engine.completeUserTask({ taskKey, variables: foreign, completedBy: 'U1' });
    expect((await taskOf(instance, 'look')).variables.sessionId).toBe(own);
  });

  it('after a message that was correlated by it, and after a signal', async () => {
    const [message, signal] = [await begin('message'), await begin('signal')];
    await engine.publishMessage({ name: 'told', correlationKey: own, variables: foreign, timeToLiveMs: 60_000 });
    await engine.broadcastSignal({ name: 'told', variables: foreign });
    expect((await taskOf(message, 'look')).variables.sessionId).toBe(own);
    expect((await taskOf(signal, 'look')).variables.sessionId).toBe(own);
  });

  it('in a called process and after it', async () => {
    const instance = await begin('call');
    const see = await taskOf(instance, 'see');
    expect(see.variables.sessionId).toBe(own);
    await engine.completeUserTask({ taskKey: see.key, variables: foreign, completedBy: 'U1' });
    expect((await taskOf(instance, 'look')).variables.sessionId).toBe(own);
  });

  it('and cannot be set from outside', async () => {
    const instance = await begin('task');
    for (const local of [true, false]) {
      const setting = engine.setVariables({ scopeKey: instance, variables: { ...foreign, other: 1 }, local });
      await expect(setting).rejects.toThrow('“sessionId” cannot be set');
    }
    expect((await engine.getProcessInstance(instance))?.variables).toEqual({ sessionId: own });
  });
});

describe('a file is refused that writes to sessionId', () => {
  const reserved = /“sessionId[^”]*”,? (which )?is reserved/;
  it.each([
    ['an input mapping', b.job('x', { inputs: { sessionId: '="s"' } })],
    ['an input mapping below it', b.job('x', { inputs: { 'sessionId.id': '="s"' } })],
    ['an output mapping', b.job('x', { outputs: { sessionId: '=answer' } })],
    ['a script', b.script('x', '="s"', 'sessionId')],
    ["a connector's result", b.job('x', { type: 'io.camunda:http-json:1', headers: { resultVariable: 'sessionId' } })],
    ['an input element', b.job('x', { loop: { inputCollection: '=items', inputElement: 'sessionId' } })],
    [
      'an output collection',
      b.job('x', { loop: { inputCollection: '=items', outputCollection: 'sessionId', outputElement: '=a' } }),
    ],
  ])('by %s', async (_, element) => {
    const { problems } = await readFile(b.process([b.start(), element, b.flow('start -> x')]));
    expect(problems).toEqual([{ elementId: 'x', line: expect.any(Number), reason: expect.stringMatching(reserved) }]);
  });

  it('but not one that reads it', async () => {
    const loop = { inputCollection: '=items', outputCollection: 'results', outputElement: '=sessionId' };
    const element = b.job('x', { inputs: { session: '=sessionId' }, loop });
    const { problems } = await readFile(b.process([b.start(), element, b.flow('start -> x')]));
    expect(problems).toEqual([]);
  });
});
