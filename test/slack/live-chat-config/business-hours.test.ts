import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ModalDriver } from '../../../sandbox/driver/modal.ts';
import { listLiveChats } from '../../../src/live-chats/queries.ts';
import { findTimeZones } from '../../../src/slack/live-chat-config/time-zones.ts';
import { type Office, prepareOffice } from '../../helpers/office.ts';

let office: Office;
const anna = () => office.sandbox.people.anna;
const hoursOf = async () => (await listLiveChats(office.database.db, office.sandbox.teamId))[0]?.businessHours;

beforeEach(async () => {
  office = await prepareOffice();
  await office.open();
});
afterEach(async () => {
  const { violations } = office.sandbox;
  await office.close();
  expect(violations).toEqual([]);
});

async function openNew(): Promise<ModalDriver> {
  await anna().command('/livechat-config', { in: 'general' });
  await (await anna().modalShown('Live chats')).click('New live chat');
  return anna().modalShown('New live chat');
}

test('an administrator sets business hours, finds them again, and takes them away', async () => {
  let settings = await openNew();
  await settings.fill('Name', 'Sales');
  await settings.fill('Name starts with', 'client-');
  await settings.choose('Operators', 'Oleg Operator');
  expect(settings.fields().map(({ label }) => label)).not.toContain('Monday');
  await settings.choose('Business hours', 'By weekday');
  expect(settings.field('Monday').value).toBe('9:00–18:00');
  expect(settings.field('Name').value).toBe('Sales');
  await settings.choose('Time zone', 'Europe/Berlin', { typed: 'berlin' });
  await settings.fill('Monday', '9-13, 14:00-24');
  await settings.fill('Friday', '');
  await settings.fill('Holidays', '2026-12-26 25.12.2026');
  expect((await settings.submit()).errors).toBeUndefined();
  const day = [[540, 1080]];
  const hours = {
    timeZone: 'Europe/Berlin',
    weekdays: [
      [
        [540, 780],
        [840, 1440],
      ],
      day,
      day,
      day,
      [],
      [],
      [],
    ],
    holidays: ['2026-12-25', '2026-12-26'],
  };
  expect(await hoursOf()).toEqual(hours);

  await (await anna().modalShown('Live chats')).menu('Sales', 'Settings');
  settings = await anna().modalShown('Live chat settings');
  await settings.shows('Business hours');
  expect(settings.field('Monday').value).toBe('9:00–13:00, 14:00–24:00');
  expect(settings.field('Time zone').value).toContain('Europe/Berlin');
  expect(settings.field('Holidays').value).toBe('2026-12-25, 2026-12-26');
  await settings.choose('Business hours', 'Always open');
  expect(settings.fields().map(({ label }) => label)).not.toContain('Monday');
  expect((await settings.submit()).errors).toBeUndefined();
  expect(await hoursOf()).toBeNull();
});

test('hours that cannot be read are errors at their fields', async () => {
  const settings = await openNew();
  await settings.fill('Name', 'Sales');
  await settings.fill('Name starts with', 'client-');
  await settings.choose('Operators', 'Oleg Operator');
  await settings.choose('Business hours', 'By weekday');
  await settings.fill('Tuesday', '18:00-9:00');
  await settings.fill('Wednesday', '9:00-12:00, 11:00-18:00');
  await settings.fill('Thursday', '9:00-25:00');
  await settings.fill('Friday', '10:75-12:00');
  await settings.fill('Holidays', '2026-02-29');
  const { errors } = await settings.submit();
  expect(Object.keys(errors ?? {}).sort()).toEqual(['Friday', 'Holidays', 'Thursday', 'Tuesday', 'Wednesday']);
  expect(errors?.Holidays).toContain('2026-02-29');
  for (const day of ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday']) await settings.fill(day, '');
  await settings.fill('Holidays', '');
  expect((await settings.submit()).errors).toEqual({ Monday: 'Enter hours for one day at least.' });
  expect(await hoursOf()).toBeUndefined();
});

test.each([
  ['berlin', 'en-US', 'Europe/Berlin (UTC+01:00)'],
  ['new york', 'en-US', 'America/New_York (UTC-05:00)'],
  ['Москва', 'ru-RU', 'Europe/Moscow (UTC+03:00)'],
  ['kolkata', 'en-US', 'Asia/Kolkata (UTC+05:30)'],
  ['utc', 'en-US', 'UTC (UTC+00:00)'],
])('a time zone is found by %s', (query, locale, label) => {
  const found = findTimeZones(query, locale, new Date('2026-12-01T00:00:00Z'));
  expect(found.map((zone) => zone.label)).toContain(label);
});

test('the search for time zones offers as many as Slack allows, and nothing for unknown places', () => {
  expect(findTimeZones('', 'en-US', new Date())).toHaveLength(100);
  expect(findTimeZones('nowhere at all', 'en-US', new Date())).toEqual([]);
  expect(findTimeZones("'; drop", 'en-US', new Date())).toEqual([]);
});
