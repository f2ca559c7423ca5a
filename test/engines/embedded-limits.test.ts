import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { ProcessEngine } from '../../src/engines/engine.ts';
import * as b from './diagram-builder.ts';
import { type EmbeddedWorld, openEmbeddedWorld } from './embedded-world.ts';

const one = (id: string, x: string) => ({
  [`${id}.bpmn`]: b.process([b.start(), x, b.end(), b.flow('start -> x -> end')], { id }),
});

/** Values that a database cannot store, or not exactly. */
const files = {
  ...one('far-timer', b.timer('x', { duration: 'P9999Y' })),
  ...one('past-timer', b.timer('x', { duration: '=duration("-P9999Y")' })),
  ...one('far-date', b.timer('x', { date: '=date and time("9999-12-31T23:59:59-10:00")' })),
  ...one('many-retries', b.job('x', { retries: '=3000000000' })),
  ...one('called', b.call('x', '="a" + odd')),
  ...one('message', b.catchEvent('x', b.messageDefinition('="limits" + odd', '="key" + odd'))),
  ...one('signal', b.catchEvent('x', b.signalDefinition('="limits" + odd'))),
  ...one('task', b.userTask('x', { assignee: '="U" + odd', candidateUsers: '=["U" + odd]' })),
};
const odd = '\0\ud800😀';

let world: EmbeddedWorld;
let engine: ProcessEngine;
beforeAll(async () => {
  world = await openEmbeddedWorld();
  engine = await world.make(files, async () => ({}));
  await engine.start();
});
afterAll(async () => {
  await engine?.stop();
  await world?.close();
});

const begin = async (processDefinitionId: string) =>
  (await engine.startProcessInstance({ startId: randomUUID(), processDefinitionId, variables: { odd } }))
    .processInstanceKey;
const statusOf = async (key: string) => (await engine.getProcessInstance(key))?.status;
const until = (key: string, status: string) =>
  vi.waitFor(async () => expect(await statusOf(key)).toBe(status), { timeout: 10_000, interval: 20 });

it.each(['far-timer', 'far-date'])('waits for a time beyond the year 9999: %s', async (process) => {
  expect(await statusOf(await begin(process))).toBe('active');
});

it('fires a timer with a time before the year 1 at once', async () => {
  await until(await begin('past-timer'), 'completed');
});

it('has an incident at an invalid number of retries', async () => {
  const [incident] = await engine.listIncidents(await begin('many-retries'));
  expect(incident?.reason).toBe(
    'Service task (x): =3000000000 should be a whole number up to 2147483647, but is a number',
  );
});

it('finds no process by an impossible name', async () => {
  const [incident] = await engine.listIncidents(await begin('called'));
  expect(incident).toMatchObject({ type: 'CALLED_ELEMENT_ERROR' });
});

it('receives messages and signals whose names and keys contain characters that cannot be stored', async () => {
  const message = await begin('message');
  const signal = await begin('signal');
  const name = `limits${odd}`;
  await engine.publishMessage({ name, correlationKey: `key${odd}`, variables: { odd }, timeToLiveMs: 3_600_000 });
  await engine.broadcastSignal({ name, variables: { odd } });
  await until(message, 'completed');
  await until(signal, 'completed');
  expect((await engine.getProcessInstance(message))?.variables).toEqual({ odd: '\ufffd😀' });
});

it('opens tasks for people whose names cannot be stored exactly', async () => {
  const [task] = await engine.listUserTasks(await begin('task'));
  expect(task).toMatchObject({ assignee: 'U\ufffd😀', candidateUsers: ['U\ufffd😀'] });
});

it('refuses an invalid fixed number of retries', async () => {
  const other = await world.make(one('static', b.job('x', { retries: '3000000000' })), async () => ({}));
  expect(await other.listProcessDefinitions()).toEqual([]);
  await other.stop();
});
