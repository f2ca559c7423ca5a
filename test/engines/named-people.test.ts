import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProcessEngine, UserTaskAssignedError, UserTaskClosedError } from '../../src/engines/engine.ts';
import { readPeople, withNamedPeople } from '../../src/engines/named-people.ts';
import { type Camunda8World, openCamunda8World } from './camunda8/camunda8-world.ts';
import * as b from './diagram-builder.ts';
import { writePeople } from './write-people.ts';

const task = (id: string, assignment: Parameters<typeof b.userTask>[1]) =>
  b.process([b.start(), b.userTask('look', assignment), b.end(), b.flow('start -> look -> end')], { id });

describe('names of people at an external engine', () => {
  let world: Camunda8World;
  let engine: ProcessEngine;

  beforeAll(async () => {
    world = await openCamunda8World();
    await world.cluster.deploy({
      'mine.bpmn': task('mine', { assignee: 'demo' }),
      'open.bpmn': task('open', { candidateUsers: 'demo, mary, constructor', candidateGroups: 'accounting, other' }),
    });
    const people = { users: { demo: 'U0DEMO', mary: 'mary@example.com' }, groups: { accounting: 'finance' } };
    engine = withNamedPeople(world.connect(), await readPeople(await writePeople(people)));
  });
  afterAll(() => world?.close());

  const begin = async (processDefinitionId: string) => {
    const request = { startId: randomUUID(), processDefinitionId, variables: {} };
    const { processInstanceKey } = await engine.startProcessInstance(request);
    const [found] = await engine.listUserTasks(processInstanceKey);
    if (!found) throw new Error('there is no task');
    const [theirs] = await world.cluster.engine().listUserTasks(world.cluster.keyOf(processInstanceKey));
    const asTheirs = async () => (await world.cluster.engine().getUserTask(theirs?.key ?? ''))?.assignee;
    return { found, asTheirs, theirKey: theirs?.key ?? '' };
  };

  it('are replaced by Slack’s when they are read', async () => {
    const { found: mine } = await begin('mine');
    expect(mine).toMatchObject({ assignee: 'U0DEMO', completedBy: undefined });
    const { found: open } = await begin('open');
    expect(new Set(open.candidateUsers)).toEqual(new Set(['U0DEMO', 'mary@example.com', 'constructor']));
    expect(new Set(open.candidateGroups)).toEqual(new Set(['finance', 'other']));
  });

  it('are stored in the engine when somebody claims or completes a task in Slack', async () => {
    const { found, asTheirs } = await begin('open');
    const claim = (assignee: string) => engine.assignUserTask({ taskKey: found.key, assignee, allowOverride: false });
    await claim('U0DEMO');
    expect(await asTheirs()).toBe('demo');
    await claim('U0DEMO');
    const late: unknown = await claim('U0OTHER').catch((error: unknown) => error);
    expect(late).toBeInstanceOf(UserTaskAssignedError);
    expect(late).toMatchObject({ task: { assignee: 'U0DEMO' } });
    await engine.completeUserTask({ taskKey: found.key, variables: {}, completedBy: 'U0DEMO' });
    expect(await asTheirs()).toBe('demo');
    const again: unknown = await engine
      .completeUserTask({ taskKey: found.key, variables: {}, completedBy: 'U0OTHER' })
      .catch((error: unknown) => error);
    expect(again).toBeInstanceOf(UserTaskClosedError);
    expect(again).toMatchObject({ task: { completedBy: 'U0DEMO' } });
  });

  it('are known as those from whom a task may be taken', async () => {
    const { found, asTheirs } = await begin('mine');
    const take = (takeFrom: string) =>
      engine.assignUserTask({ taskKey: found.key, assignee: 'U0OTHER', allowOverride: false, takeFrom });
    await expect(take('U0OTHER')).rejects.toThrow(UserTaskAssignedError);
    await take('U0DEMO');
    expect(await asTheirs()).toBe('U0OTHER');
  });

  it('identify the person who completed a task elsewhere', async () => {
    const { found, theirKey } = await begin('mine');
    await world.cluster.engine().completeUserTask({ taskKey: theirKey, variables: {}, completedBy: 'demo' });
    await expect.poll(() => engine.getUserTask(found.key)).toMatchObject({ completedBy: 'U0DEMO' });
  });

  it('do not replace the Slack id of a person who is not in the file', async () => {
    const { found, asTheirs } = await begin('open');
    await engine.completeUserTask({ taskKey: found.key, variables: {}, completedBy: 'U0OTHER' });
    expect(await asTheirs()).toBe('U0OTHER');
    expect(await engine.getUserTask(found.key)).toMatchObject({ completedBy: 'U0OTHER' });
  });

  it.each([
    ['{', /^ENGINE_PEOPLE .*JSON/],
    [{ users: { demo: 1 } }, /^ENGINE_PEOPLE .* users\.demo /],
    [{ people: {} }, /^ENGINE_PEOPLE .*people/],
  ])('are refused with a readable line if the file is invalid: %j', async (content, expected) => {
    await expect(readPeople(await writePeople(content))).rejects.toThrow(expected);
  });
});
