import { afterEach, expect, test } from 'vitest';
import { reconcileInstance } from '../../../src/slack/task-form/notify-tasks.ts';
import { starts } from '../../../src/starts/tables.ts';
import { aDefinition, type BusyOffice, openOffice } from '../../helpers/office.ts';

let office: BusyOffice;
afterEach(() => office.close());

test('a person whose message Slack is just being asked for gets no second one, whoever tells of the instance', async () => {
  const definition = aDefinition('approval', 'Approval');
  office = await openOffice([{ definition, tasks: [{ name: 'Approve', assignee: 'U0OLGA00001' }] }]);
  const { sandbox, people, database, context } = office;
  sandbox.faults.delay('chat.postMessage', 1000, 1);
  await office.start('oleg', 'Approval');
  const asked = () =>
    sandbox.traffic.callsOf('chat.postMessage').filter(({ args }) => /Approve/.test(JSON.stringify(args)));
  await sandbox.traffic.until(() => asked().length > 0);
  const [start] = await database.db.select().from(starts);
  await reconcileInstance(context, start?.processInstanceKey ?? '');
  await office.quiet();
  expect(asked()).toHaveLength(1);
  expect(people.olga.inbox()).toHaveLength(1);
});
