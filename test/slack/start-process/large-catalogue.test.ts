import { afterEach, expect, test } from 'vitest';
import { aDefinition, type BusyOffice, openOffice } from '../../helpers/office.ts';

let office: BusyOffice;
afterEach(() => office.close());

test('among 10,000 processes the search finds the right ones, grouped, and never offers more than Slack can show', async () => {
  const workspaces = ['CRM', 'Service desk', 'Finance', 'Logistics'];
  const definitions = Array.from({ length: 10_000 }, (_, index) => ({
    ...aDefinition(`process-${index}`, `${['Approve', 'Ship', 'Refund', 'Call'][index % 4]} order ${index}`),
    ...(index % 5 === 0 ? {} : { workspace: workspaces[index % 4] ?? '' }),
    ...(index % 5 > 2 ? { app: `App ${index % 7}` } : {}),
  }));
  office = await openOffice([
    { definition: aDefinition('process-4321', 'Ship order 4321'), tasks: [{ name: 'Do it' }] },
  ]);
  office.engine.define(definitions);
  await office.sandbox.traffic.until(() => office.context.catalogue().size === definitions.length);
  const { oleg } = office.people;
  await oleg.shortcut('start_process', office.question);
  const modal = await oleg.modalShown('Start business process');
  await modal.shows('#support-acme');

  const all = await modal.options('Business process');
  expect(all.flatMap(({ options }) => options)).toHaveLength(100);
  expect(all[0]?.label).toBe('Company');

  const found = await modal.options('Business process', 'refund 4321');
  expect(found.flatMap(({ label, options }) => options.map(({ text }) => [label, text]))).toEqual([]);
  const exact = await modal.options('Business process', 'ORDER 4321');
  expect(exact).toMatchObject([{ label: 'Service desk', options: [{ text: 'Ship order 4321' }] }]);

  const inApp = await modal.options('Business process', 'finance app');
  const labels = inApp.map(({ label }) => label);
  expect(labels.every((label) => label.startsWith('Finance / App '))).toBe(true);
  expect(labels).toEqual(labels.toSorted());
  expect(inApp.flatMap(({ options }) => options)).toHaveLength(100);

  await modal.choose('Business process', 'Ship order 4321');
  await modal.submit();
  await modal.shows('*Do it*');
  expect(office.engine.starts).toMatchObject([{ processDefinitionId: 'process-4321' }]);
});
