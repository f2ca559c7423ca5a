import { isNotNull } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import { taskMessages } from '../../../src/slack/notices/tables.ts';
import { reconcileInstance, releaseModal } from '../../../src/slack/task-form/notify-tasks.ts';
import { starts } from '../../../src/starts/tables.ts';
import { aDefinition, type BusyOffice, openOffice } from '../../helpers/office.ts';

let office: BusyOffice;
afterEach(() => office.close());

test('a person whose task was in a modal is notified once, also if another replica handles the instance meanwhile', async () => {
  const definition = aDefinition('approval', 'Approval');
  office = await openOffice([{ definition, tasks: [{ name: 'Approve', assignee: 'U0OLEG00001' }] }]);
  const { sandbox, people, database, context } = office;
  const modal = await office.start('oleg', 'Approval');
  await modal.shows('*Approve*');
  await office.quiet();
  const [held] = await database.db.select().from(taskMessages).where(isNotNull(taskMessages.viewId));
  const [start] = await database.db.select().from(starts);
  sandbox.faults.delay('chat.postMessage', 1000, 1);
  const releasing = releaseModal(context, held?.viewId ?? '');
  const asked = () => sandbox.traffic.callsOf('chat.postMessage').filter(({ args }) => args.channel !== undefined);
  const before = asked().length;
  await sandbox.traffic.until(() => asked().length > before);
  await reconcileInstance(context, start?.processInstanceKey ?? '');
  await releasing;
  expect(people.oleg.inbox()).toHaveLength(1);
});
