import { describe, expect, it, vi } from 'vitest';
import { UserTaskAssignedError, UserTaskClosedError } from '../../../src/engines/engine.ts';
import * as b from '../diagram-builder.ts';
import { type Cannot, itNeeds } from './able.ts';
import { contractEngine, waiting } from './contract-engine.ts';
import type { EngineUnderTest } from './engine-under-test.ts';

const scheduled = (dueDate: string, followUpDate: string) =>
  `<zeebe:taskSchedule dueDate="${dueDate}" followUpDate="${followUpDate}"/>`;

const files = {
  'dated.bpmn': b.process(
    [
      b.start(),
      b.userTask('ask', { candidateGroups: 'sales', extensions: scheduled('=due', '2030-01-02T03:04:05+02:00') }),
      b.end(),
      b.flow('start -> ask -> end'),
    ],
    { id: 'dated' },
  ),
  'owned.bpmn': b.process(
    [b.start(), b.userTask('ask', { assignee: '=owner' }), b.end(), b.flow('start -> ask -> end')],
    { id: 'owned' },
  ),
};

/** Dates and assignees of user tasks in every engine. */
export function userTasksContract(open: () => Promise<EngineUnderTest>, cannot: Cannot): void {
  describe('user tasks', () => {
    const c = contractEngine(open, files);

    it.each([
      ['=date and time', '2029-12-31T10:00:00Z', new Date('2029-12-31T10:00:00Z')],
      ['null', null, undefined],
      ['an empty text', '', undefined],
    ])('have the dates of their schedule, or none: %s', async (_, due, dueDate) => {
      const task = await c.openTask(await c.begin('dated', { due }), 'ask');
      expect(task).toMatchObject({ dueDate, followUpDate: new Date('2030-01-02T01:04:05Z') });
    });

    itNeeds(cannot, 'expression-incidents')('have an incident if a date is invalid', async () => {
      const instance = await c.begin('dated', { due: 'tomorrow' });
      expect((await c.untilStatus(instance, 'incident')).reason).toMatch(/\(ask\): =due should be an ISO 8601 date/);
    });

    it('are claimed by the first who asks, and others are told who has them', async () => {
      const instance = await c.begin('dated', { due: null });
      const { key: taskKey } = await c.openTask(instance, 'ask');
      const claims = await Promise.allSettled(
        ['U1', 'U2', 'U3'].map((assignee) => c.engine().assignUserTask({ taskKey, assignee, allowOverride: false })),
      );
      const won = claims.findIndex(({ status }) => status === 'fulfilled');
      const task = await c.engine().getUserTask(taskKey);
      expect(task?.assignee).toBe(`U${won + 1}`);
      const lost = claims.flatMap((claim) => (claim.status === 'rejected' ? [claim.reason] : []));
      expect(lost).toHaveLength(2);
      for (const error of lost) {
        expect(error).toBeInstanceOf(UserTaskAssignedError);
        expect(error).toMatchObject({ task: { key: taskKey, assignee: task?.assignee } });
      }
      await c.engine().assignUserTask({ taskKey, assignee: `U${won + 1}`, allowOverride: false });
      await c.engine().assignUserTask({ taskKey, assignee: 'U9', allowOverride: true });
      expect(await c.engine().getUserTask(taskKey)).toMatchObject({ assignee: 'U9', status: 'open' });
    });

    it('are claimed from an assignee who cannot have them by the first who asks', async () => {
      const instance = await c.begin('owned', { owner: 'support' });
      const { key: taskKey } = await c.openTask(instance, 'ask');
      const claim = (assignee: string, takeFrom: string) =>
        c.engine().assignUserTask({ taskKey, assignee, allowOverride: false, takeFrom });
      await expect(claim('U9', 'sales')).rejects.toThrow('already assigned to support');
      const claims = await Promise.allSettled(['U1', 'U2', 'U3'].map((assignee) => claim(assignee, 'support')));
      const won = claims.findIndex(({ status }) => status === 'fulfilled');
      const lost = claims.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
      expect(lost).toHaveLength(2);
      for (const error of lost) {
        expect(error).toBeInstanceOf(UserTaskAssignedError);
        expect(error).toMatchObject({ task: { key: taskKey, assignee: `U${won + 1}` } });
      }
      expect(await c.engine().getUserTask(taskKey)).toMatchObject({ assignee: `U${won + 1}`, status: 'open' });
      await claim(`U${won + 1}`, 'support');
    });

    it('can be claimed if the process names nobody, but not from a named assignee', async () => {
      const nobodys = await c.openTask(await c.begin('owned', { owner: '' }), 'ask');
      await c.engine().assignUserTask({ taskKey: nobodys.key, assignee: 'U1', allowOverride: false });
      const theirs = await c.openTask(await c.begin('owned', { owner: 'U7' }), 'ask');
      const claim = c.engine().assignUserTask({ taskKey: theirs.key, assignee: 'U1', allowOverride: false });
      await expect(claim).rejects.toThrow('already assigned to U7');
    });

    it('cannot be claimed once they are completed', async () => {
      const instance = await c.begin('dated', { due: null });
      const { key: taskKey } = await c.openTask(instance, 'ask');
      await c.engine().completeUserTask({ taskKey, variables: {}, completedBy: 'U1' });
      for (const key of [taskKey, '999999-1', 'no key']) {
        const claim = c.engine().assignUserTask({ taskKey: key, assignee: 'U2', allowOverride: true });
        await expect(claim).rejects.toThrow(UserTaskClosedError);
      }
    });

    it('are reported when somebody gets them', async () => {
      const told: string[] = [];
      const { world } = c;
      const engine = await world().make(files, async () => ({}));
      engine.onProcessInstanceChange(async (key) => {
        const [task] = await engine.listUserTasks(key);
        told.push(`${key} ${task?.assignee}`);
      });
      await engine.start();
      const instance = await c.begin('dated', { due: null });
      await vi.waitFor(() => expect(told).toContain(`${instance} undefined`), waiting);
      const { key: taskKey } = await c.openTask(instance, 'ask');
      await c.engine().assignUserTask({ taskKey, assignee: 'U1', allowOverride: false });
      await vi.waitFor(() => expect(told).toContain(`${instance} U1`), waiting);
      await engine.stop();
    });
  });
}
