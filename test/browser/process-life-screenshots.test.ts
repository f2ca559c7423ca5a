import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { writeTaskProcesses } from '../helpers/task-processes.ts';
import { takePicture } from './helpers/take-picture.ts';
import { workspaceInBrowser } from './helpers/workspace-in-browser.ts';

/** Writes the shipped examples; tasks to claim; and an order, drawn like a lead, that no order system accepts. */
async function writeProcesses(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kickoff-life-'));
  await cp('processes', directory, { recursive: true });
  await cp(await writeTaskProcesses({ followUp: 'PT1S', due: 'PT3S' }), join(directory, 'tasks'), { recursive: true });
  const lead = await readFile('processes/crm/leads/create-lead.bpmn', 'utf8');
  await writeFile(
    join(directory, 'order.bpmn'),
    lead
      .replaceAll('id="create-lead"', 'id="order"')
      .replaceAll('bpmnElement="create-lead"', 'bpmnElement="order"')
      .replaceAll('Create lead', 'Place order')
      .replaceAll('secrets.CRM_URL', 'secrets.ORDERS_URL')
      .replaceAll('the CRM', 'the order system'),
  );
  return directory;
}

const world = workspaceInBrowser({
  environment: async () => ({ PROCESSES_DIR: await writeProcesses(), SECRET_ORDERS_URL: 'nowhere' }),
  window: { viewport: { width: 1366, height: 1250 } },
});

const shoot = (name: string) => takePicture(world.slack.page, `life-${name}`);
const home = (): Locator => world.slack.page.locator('.home');

async function openHome(person: string): Promise<void> {
  await world.slack.actAs(person);
  await world.slack.page.getByRole('button', { name: 'Kickoff home' }).click();
  await home().waitFor();
}

/** Presses at once: opening the tab publishes it again, and a slow click would end on another button. */
const pressAtHome = (name: string) => home().getByRole('button', { name }).dispatchEvent('click');

async function openMessages(person: string): Promise<void> {
  await openHome(person);
  await world.slack.page.getByRole('button', { name: 'Messages', exact: true }).click();
}

/** As an administrator, binds a process to clients' messages in *Support*. */
async function bind(process: string, parameters: [label: string, property: string][] = []): Promise<void> {
  await world.slack.actAs('Anna');
  await world.slack.openChannel('general');
  await world.slack.command('/livechat-config');
  await world.slack.modalTitled('Live chats');
  await world.slack.rowAction('Support', 'Business processes');
  const bound = await world.slack.modalTitled('Business processes');
  const row = bound.locator('.block-section').filter({ hasText: 'Message received' }).first();
  await row.waitFor();
  const select = row.getByRole('button', { name: 'Select' });
  if (!(await select.isVisible())) {
    await world.slack.rowAction('Message received', 'Remove');
    if (await world.slack.page.getByRole('alertdialog').isVisible()) await world.slack.confirm('Remove');
  }
  await select.click();
  await world.slack.modalTitled('Select a process');
  await world.slack.choose('Business process', process);
  await world.slack.press('Select');
  await world.slack.modalTitled('Input parameters');
  for (const [label, property] of parameters) await world.slack.choose(label, property);
  await world.slack.press('Save');
  await world.slack.modalTitled('Business processes');
  await world.slack.closeModal();
}

async function carlWrites(text: string): Promise<void> {
  await world.slack.actAs('Carl');
  await world.slack.openChannel('support-acme');
  await world.slack.say(text);
}

async function onMessage(person: string, text: string, shortcut: string, title: string): Promise<Locator> {
  await world.slack.actAs(person);
  await world.slack.openChannel('support-acme');
  await world.slack.shortcut(world.slack.message(text), shortcut);
  const modal = await world.slack.modalTitled(title);
  await modal.getByText(/Loading|Загрузка/).waitFor({ state: 'detached' });
  return modal;
}

/** Only for pictures: process-life.test.ts and others assert what is on them. */
const picture = test.runIf(process.env.SCREENSHOTS);

picture('the life of a process, on every surface and in both languages', { timeout: 600_000 }, async () => {
  await world.slack.page.getByRole('button', { name: /^First minute/ }).click();
  await world.slack.actAs('Anna');
  await world.slack.openChannel('general');
  await world.slack.command('/livechat-config');
  await world.slack.modalTitled('Live chats');
  await world.slack.rowAction('Support', 'Settings');
  await world.slack.modalTitled('Live chat settings');
  await world.slack.choose('Operators', 'Рита Смирнова');
  await world.slack.choose('Supervisors', 'Рита Смирнова');
  await world.slack.press('Save');
  await world.slack.modalTitled('Live chats');
  await world.slack.closeModal();
  // A lead, from the session's creation; a start that fails because a parameter is missing; one that hangs; one that is
  // offered.
  await bind('Call the client', [['Title', "Operator's name"]]);
  await carlWrites('We need five more chairs');
  await bind('Place order');
  await carlWrites('And a table, please');
  await bind('Answer together');
  await carlWrites('Is anybody there? 😀');
  await startByHand('Oleg', 'five more chairs', 'Look twice');

  await openHome('Sam');
  for (const text of ['is required, but', 'Stuck', 'waits for somebody to claim it']) {
    await home().getByText(text).first().waitFor();
  }
  await shoot('home-supervisor');
  await openHome('Oleg');
  await home().getByText('Answer it').first().waitFor();
  await shoot('home-operator');
  await openHome('Рита');
  await home().getByText('Answer together').first().waitFor();
  await shoot('home-russian');
  await openHome('Emma');
  await home().getByText('Nothing to do').waitFor();
  await shoot('home-employee');

  await world.slack.actAs('Olga');
  await openMessages('Olga');
  const offered = world.slack.message('Answer it');
  await offered.getByRole('button', { name: 'Claim' }).waitFor();
  await shoot('task-offered');
  await offered.getByRole('button', { name: 'Claim' }).click();
  await world.slack.message('Answer it').getByRole('button', { name: 'Reassign' }).waitFor();
  await shoot('task-claimed');
  await world.slack.message('Answer it').getByRole('button', { name: 'Reassign' }).click();
  await world.slack.modalTitled('Reassign task');
  await world.slack.choose('Colleague', 'Рита Смирнова');
  await shoot('reassign');
  await world.slack.press('Reassign');
  await world.slack.modal.getByText('has Answer it now').waitFor();
  await shoot('reassigned');
  await world.slack.closeModal();
  await openMessages('Oleg');
  await world.slack.message('This task is due').waitFor();
  await shoot('task-taken-and-reminders');
  await openMessages('Рита');
  const given = world.slack.message('Answer it');
  await given.getByRole('button', { name: 'Открыть задачу' }).waitFor();
  await shoot('task-russian');
  await given.getByRole('button', { name: 'Передать' }).click();
  await world.slack.modal.getByRole('combobox').waitFor();
  await shoot('reassign-russian');
  await world.slack.page.keyboard.press('Escape');
  await given.getByRole('button', { name: 'Открыть задачу' }).click();
  await world.slack.modalTitled('Answer it');
  await world.slack.modal.getByRole('textbox').fill('Yes!');
  await shoot('task-form-russian');
  await world.slack.modal.locator('button[type=submit]').click();
  await world.slack.modal.getByText('Процесс завершён').waitFor();
  await shoot('completed-russian');
  await world.slack.page.keyboard.press('Escape');
  await given.getByText('Выполнил').waitFor();
  await shoot('task-done-russian');

  await world.slack.actAs('Sam');
  await world.slack.openChannel('desk-activity');
  const hanging = world.slack.message('Place order');
  await hanging.getByText('Stuck').waitFor();
  await shoot('activity');
  await hanging.getByRole('button', { name: /repl/ }).click();
  await world.slack.thread.getByRole('img').first().waitFor();
  await shoot('activity-thread');
  await world.slack.thread.getByRole('button', { name: 'Close thread' }).click();

  for (const [person, language] of [
    ['Oleg', 'english'],
    ['Рита', 'russian'],
  ] as const) {
    const { whyTitle, cardTitle, why, card } = shortcuts[language];
    for (const [text, name] of [
      ['five more chairs', 'failed'],
      ['And a table', 'stuck'],
      ['Is anybody there', 'completed'],
    ] as const) {
      await onMessage(person, text, why, whyTitle);
      await shoot(`why-${name}-${language}`);
      await world.slack.closeModals();
    }
    const modal = await onMessage(person, 'And a table', card, cardTitle);
    await shoot(`card-${language}`);
    const row = modal.locator('.block-section').filter({ hasText: 'Place order' });
    await row.getByRole('button').click();
    await world.slack.page.getByRole('dialog').getByRole('img').first().waitFor();
    await world.slack.page.waitForLoadState('networkidle');
    await shoot(`diagram-${language}`);
    await world.slack.page.keyboard.press('Escape');
    for (const [button, name] of shortcuts[language].edits) {
      await world.slack.press(button);
      await world.slack.page.getByRole('dialog', { name: button }).waitFor();
      await world.slack.modal.locator('input').first().waitFor();
      await shoot(`${name}-${language}`);
      await world.slack.page.keyboard.press('Escape');
    }
    await world.slack.closeModals();
  }

  await openHome('Oleg');
  await pressAtHome('I am away');
  await home().getByText('You are away in').waitFor();
  await shoot('home-away');
  await onMessage('Oleg', 'And a table', 'Start business process', 'Start business process');
  await shoot('start-away');
  await world.slack.closeModals();
  await openHome('Рита');
  await pressAtHome('Меня нет');
  await home().getByText('Вас нет').waitFor();
  await onMessage('Рита', 'And a table', 'Start business process', 'Запуск бизнес-процесса');
  await shoot('start-away-russian');
  await world.slack.closeModals();
  await onMessage('Emma', 'And a table', 'Why (not) a process?', 'Why (not) a process?');
  await shoot('why-stranger');
  await world.slack.closeModals();
  expect(await world.slack.page.locator('.toast').count()).toBe(0);
});

const shortcuts = {
  english: {
    why: 'Why (not) a process?',
    whyTitle: 'Why (not) a process?',
    card: 'Live-chat session',
    cardTitle: 'Live-chat session',
    edits: [
      ['Correct the client', 'client'],
      ['Edit the name', 'name'],
    ],
  },
  russian: {
    why: 'Why (not) a process?',
    whyTitle: 'Почему (нет) процесса?',
    card: 'Live-chat session',
    cardTitle: 'Сессия чата',
    edits: [
      ['Исправить клиента', 'client'],
      ['Изменить название', 'name'],
    ],
  },
} as const;

/** Starts the process, and leaves its first task, in the modal, for later. */
async function startByHand(person: string, text: string, process: string): Promise<void> {
  await onMessage(person, text, 'Start business process', 'Start business process');
  await world.slack.choose('Business process', process);
  await world.slack.press('Start');
  await world.slack.page.getByRole('dialog', { name: 'Look again' }).waitFor();
  await world.slack.closeModal();
}
