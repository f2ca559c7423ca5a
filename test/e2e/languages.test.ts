import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { startWorld, type World } from '../helpers/kickoff.ts';

let world: World;
afterEach(() => world.close());

/** The company's own process, whose texts Kickoff does not translate. */
async function writeProcess(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kickoff-languages-'));
  const components = [
    { type: 'textfield', key: 'phone', label: 'Phone', validate: { required: true, validationType: 'phone' } },
    { type: 'textfield', key: 'order', label: 'Order', validate: { pattern: '^[A-Z]-\\d+$' } },
  ];
  await writeFile(join(directory, 'call.form'), JSON.stringify({ type: 'default', id: 'call', components }));
  await writeFile(
    join(directory, 'call.bpmn'),
    `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <bpmn:process id="call" name="Call back" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:extensionElements><zeebe:formDefinition formId="call" /></bpmn:extensionElements></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="task" />
    <bpmn:userTask id="task" name="Ring" />
    <bpmn:sequenceFlow id="f2" sourceRef="task" targetRef="end" />
    <bpmn:endEvent id="end" />
  </bpmn:process>
</bpmn:definitions>`,
  );
  return directory;
}

/** Rita, with a Russian Slack, creates a live chat. Its operator Olga has a Russian Slack too, Oleg an English one. */
async function openOffice(): Promise<{ activity: Channel; session: Channel }> {
  world = await startWorld({ environment: { PROCESSES_DIR: await writeProcess() } });
  const { rita, oleg, olga, carl } = world.sandbox.people;
  world.sandbox.workspace.changePerson(olga, { locale: 'ru-RU' });
  const activity = await rita.createChannel('kickoff-activity');
  await rita.command('/livechat-config', { in: 'general' });
  const list = await rita.modalShown('Чаты с клиентами');
  await list.shows('Чатов с клиентами пока нет.');
  await list.click('Новый чат с клиентами');
  const settings = await rita.modalShown('Новый чат с клиентами');
  await settings.fill('Название', 'Поддержка');
  await settings.fill('Название начинается на', 'support-');
  expect(await settings.submit()).toMatchObject({
    errors: { Операторы: 'Выберите, кто будет отвечать клиентам: людей здесь, группу или супервизоров ниже.' },
  });
  await settings.choose('Операторы', ['Oleg Operator', 'Olga Operator']);
  await settings.choose('Канал активности', 'kickoff-activity');
  expect((await settings.submit()).errors).toBeUndefined();
  await (await rita.modalShown('Чаты с клиентами')).shows('Каналы, названия которых начинаются на `support-`');

  await rita.modal.menu('Поддержка', 'Бизнес-процессы');
  await (await rita.modalShown('Бизнес-процессы')).click('Выбрать', { near: 'Получено сообщение' });
  const select = await rita.modalShown('Выбор процесса');
  await select.choose('Бизнес-процесс', 'Call back', { group: 'Компания' });
  await select.submit();
  const inputs = await rita.modalShown('Входные параметры');
  await inputs.shows('*Call back* запускается по событию *Получено сообщение*.');
  expect((await inputs.submit()).errors).toEqual({
    'Phone (телефон, обязательно)':
      'Параметр «Phone» обязателен: без него не удастся ни один запуск. Выберите, чем его заполнять.',
  });
  await inputs.choose('Phone (телефон, обязательно)', 'Телефон клиента');
  expect((await inputs.submit()).errors).toBeUndefined();
  const bound = await rita.modalShown('Бизнес-процессы');
  await bound.shows('не пока он идёт в сессии, не по сообщению, которого ждал процесс');
  await bound.menu('Получено сообщение', 'Когда запускается');
  const terms = await rita.modalShown('Когда запускается');
  await terms.choose('Как часто', 'Каждый раз');
  await terms.clear('Дополнительно');
  expect((await terms.submit()).errors).toBeUndefined();
  await rita.modal.closeAll();

  const session = await rita.createChannel('support-acme', { sharedWith: 'Acme', invite: [oleg, olga, carl] });
  await world.quiet();
  return { activity, session };
}

test('a Russian administrator and a Russian operator read Russian while their colleague reads English', async () => {
  const { activity, session } = await openOffice();
  const { rita, anna, oleg, olga, carl } = world.sandbox.people;

  const question = await carl.post(session, 'Please call me.');
  // Lines in the channel have the language of the person who created the live chat, whatever the reader's.
  await rita.receives('*Call back* в ', { in: activity });
  await world.quiet();

  // The same modals in both languages.
  await Promise.all([olga, oleg].map((operator) => operator.shortcut('start_process', question)));
  const russian = await olga.modalShown('Запуск бизнес-процесса');
  const english = await oleg.modalShown('Start business process');
  await russian.shows('*Клиент:*');
  await english.shows('*Client:*');
  await russian.choose('Бизнес-процесс', 'Call back');
  await english.choose('Business process', 'Call back');
  await Promise.all([russian.submit(), english.submit()]);

  const mistakes = { Phone: 'ask him', Order: '17' };
  for (const modal of [await olga.modalShown('Call back'), await oleg.modalShown('Call back')]) {
    for (const [label, text] of Object.entries(mistakes)) await modal.fill(label, text);
  }
  expect((await russian.submit()).errors).toEqual({
    Phone: 'Здесь должен быть номер телефона, например +7 495 664-09-00.',
    Order: 'Не соответствует образцу ^[A-Z]-\\d+$',
  });
  expect((await english.submit()).errors).toEqual({
    Phone: 'Must be a phone number, like +49 30 664040900.',
    Order: 'Must match the pattern ^[A-Z]-\\d+$',
  });
  await russian.fill('Phone', '+1 212 555 0106');
  await russian.fill('Order', 'A-17');
  expect((await russian.submit()).errors).toBeUndefined();
  await (await olga.modalShown('Ring')).shows('У этой задачи нет формы.');
  expect(olga.modal.submitLabel).toBe('Выполнить');
  await oleg.modal.closeAll();
  await olga.modal.submit();
  await world.quiet();

  // The person who saves the settings last decides the language of the channel.
  await anna.command('/livechat-config', { in: 'general' });
  await (await anna.modalShown('Live chats')).menu('Поддержка', 'Settings');
  const theirs = await anna.modalShown('Live chat settings');
  await theirs.shows('Name starts with');
  await theirs.submit();
  await world.quiet();
  await anna.modal.closeAll();
  await carl.post(session, 'Hello?');
  await rita.receives('*Call back* for Carl Client in ', { in: activity });
});

test('everybody is told of a task, its end and failures in their own language', async () => {
  const { activity, session } = await openOffice();
  const { rita, oleg, olga, carl } = world.sandbox.people;
  await carl.post(session, 'Please call me.');
  await olga.receives('Задача для вас или ваших коллег: *Ring*');
  const task = await oleg.receives('A task for you or your colleagues: *Ring*');
  await task.click('Claim');
  await olga.receives(`Теперь она у <@${oleg.id}>`);
  await (await oleg.receives('You have a task: *Ring*')).click('Open task');
  await (await oleg.modalShown('Ring')).submit();
  await world.quiet();
  await olga.receives(`✅ Выполнил(а) <@${oleg.id}>`);
  await oleg.receives(`✅ Done by <@${oleg.id}>`);

  // The client's number is unknown, and each reader is told why in their own language.
  world.sandbox.workspace.changePerson(carl, { phone: undefined });
  await carl.post(session, 'Hello?');
  const line = await rita.receives(
    'Не удался: Параметр «Phone» обязателен, но «Телефон клиента» у этой сессии неизвестно.',
    { in: activity },
  );
  world.sandbox.workspace.changePerson(carl, { phone: '+1 212 555 0106' });
  await line.click('Повторить');
  await olga.receives('Задача для вас или ваших коллег: *Ring*');
  await world.quiet();
  expect(olga.inbox().filter(({ text }) => text.includes('Задача для вас'))).toHaveLength(1);

  // While Slack does not return a person's profile, their last known language is used.
  world.sandbox.faults.fail('users.info', { times: 1000 });
  world.sandbox.workspace.changePerson(olga, { title: 'Lead' });
  await olga.command('/livechat-config', { in: session });
  const [answer] = olga.ephemerals(session).slice(-1);
  expect(answer?.text).toMatch(/Попробуйте ещё раз через минуту\.$/);
  // Emma's language is unknown; her modal opens nevertheless.
  const { emma } = world.sandbox.people;
  await emma.shortcut('start_process', await emma.post('general', 'Hello'));
  await emma.modalShown('Start business process');
  world.sandbox.faults.clear();
});
