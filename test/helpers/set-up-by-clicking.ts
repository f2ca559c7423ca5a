import { expect } from 'vitest';
import type { ModalDriver } from '../../sandbox/driver/modal.ts';
import type { Person } from '../../sandbox/driver/person.ts';
import { waitUntil } from '../../sandbox/traffic.ts';
import type { World } from './kickoff.ts';
import type { LiveChatSetUp } from './set-up-live-chat.ts';

/** Like `setUpLiveChat`, but as the administrator does it: by clicking and typing. */
export async function setUpByClicking({ sandbox }: Pick<World, 'sandbox'>, setUp: LiveChatSetUp = {}): Promise<void> {
  const { anna } = sandbox.people;
  const name = setUp.name ?? 'Support';
  await anna.command('/livechat-config', { in: 'general' });
  const list = await anna.modalShown('Live chats');
  await list.click('New live chat');
  const settings = await anna.modalShown('New live chat');
  await fillSettings({ sandbox }, settings, { ...setUp, name });
  expect((await settings.submit()).errors).toBeUndefined();
  await (await anna.modalShown('Live chats')).shows(name);
  for (const [event, { process, parameters, isPreset }] of Object.entries(setUp.bindings ?? {})) {
    await bindProcess({ sandbox }, name, event, process, parameters, isPreset);
  }
  await anna.modal.closeAll();
}

async function fillSettings(
  { sandbox }: Pick<World, 'sandbox'>,
  settings: ModalDriver,
  setUp: LiveChatSetUp & { name: string },
): Promise<void> {
  await settings.fill('Name', setUp.name);
  if (setUp.channels) {
    await settings.choose('Sessions', 'Chosen channels');
    await settings.choose('Channels', setUp.channels);
  } else if (setUp.connect) {
    await settings.choose('Sessions', 'Slack Connect channels');
    await waitUntil(
      sandbox.traffic.onChange,
      () => !settings.fields().some(({ label }) => label === 'Name starts with'),
    );
  } else {
    await settings.fill('Name starts with', setUp.prefixes ?? 'support-');
  }
  if (setUp.clients) await settings.choose('Clients', setUp.clients);
  const operators = setUp.operators ?? (setUp.operatorGroups ? [] : ['Oleg Operator', 'Olga Operator']);
  if (operators.length > 0) await settings.choose('Operators', operators);
  if (setUp.operatorGroups) await settings.choose('Operator groups', setUp.operatorGroups);
  await settings.choose('Supervisors', setUp.supervisors ?? ['Sam Supervisor']);
  if (setUp.activityChannel) await settings.choose('Activity channel', setUp.activityChannel);
}

/** Chooses *Every time*. By default, a message does not start a process that is already running in the session. */
async function startEveryTime(anna: Person, processes: ModalDriver, event: string): Promise<void> {
  await processes.menu(event, 'When it starts');
  const terms = await anna.modalShown('When it starts');
  await terms.choose('How often', 'Every time');
  await terms.clear('More');
  expect((await terms.submit()).errors).toBeUndefined();
  await anna.modalShown('Business processes');
}

/** Binds a process, from the open list of live chats. */
export async function bindProcess(
  { sandbox }: Pick<World, 'sandbox'>,
  liveChat: string,
  event: string,
  process: string,
  parameters: Record<string, string> = {},
  isPreset = false,
): Promise<void> {
  const { anna } = sandbox.people;
  await anna.modal.menu(liveChat, 'Business processes');
  const processes = await anna.modalShown('Business processes');
  await processes.click('Select', { near: event });
  const select = await anna.modalShown('Select a process');
  await select.choose('Business process', process);
  await select.submit();
  const inputs = await anna.modalShown('Input parameters');
  for (const [parameter, property] of Object.entries(parameters)) await inputs.choose(parameter, property);
  expect((await inputs.submit()).errors).toBeUndefined();
  await (await anna.modalShown('Business processes')).shows(process);
  if (event === 'Message received' && !isPreset) await startEveryTime(anna, processes, event);
  await anna.modal.close();
  await anna.modalShown('Live chats');
}
