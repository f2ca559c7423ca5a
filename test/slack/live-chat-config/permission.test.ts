import { afterEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../sandbox/json.ts';
import { listBindings } from '../../../src/bindings/queries.ts';
import { getLiveChat, listLiveChats } from '../../../src/live-chats/queries.ts';
import { addLiveChat } from '../../helpers/builders.ts';
import { type Office, prepareOffice, salesSettings } from '../../helpers/office.ts';

let office: Office;
afterEach(() => office.close());

const refusal = 'Only administrators can set up live chats.';

const aLiveChat = () => addLiveChat(office.database.db, office.sandbox.teamId, salesSettings);

test('only owners, admins and those whom KICKOFF_ADMINS names may open the configuration', async () => {
  office = await prepareOffice();
  const { sandbox, admins } = office;
  const { anna, oleg, olga, emma, gina } = sandbox.people;
  admins.push(emma.id, sandbox.workspace.userGroup('support-team').id);
  sandbox.workspace.setUserGroupMembers('support-team', [olga]);
  await office.open();
  for (const person of [oleg, gina]) {
    if (person === gina) await anna.invite('general', gina);
    const outcome = await person.command('/livechat-config', { in: 'general' });
    expect(outcome.acknowledged).toBe(true);
    await person.receives(refusal);
    expect(person.modal.isOpen).toBe(false);
  }
  for (const person of [anna, emma, olga]) {
    await person.command('/livechat-config', { in: 'general' });
    await (await person.modalShown('Live chats')).shows('There are no live chats yet');
  }
});

test('an administrator of another organisation has no rights here', async () => {
  office = await prepareOffice();
  const { sandbox, admins } = office;
  const { carl } = sandbox.people;
  sandbox.workspace.changePerson(carl, { isAdmin: true, isOwner: true });
  admins.push(carl.id);
  await office.open();
  const outcome = await sandbox.faults.deliverInteraction({
    command: '/livechat-config',
    user_id: carl.id,
    channel_id: sandbox.channel('acme-project').id,
    trigger_id: '1.2.3',
    text: '',
  });
  expect(JSON.stringify(outcome.answer)).toContain(refusal);
});

test('every forged action, options request and submission is refused and changes nothing', async () => {
  office = await prepareOffice({
    definitions: [{ id: 'create-lead', name: 'Create lead', version: 1, parameters: [] }],
  });
  const { sandbox, database } = office;
  const { db } = database;
  const liveChat = await aLiveChat();
  await office.open();
  const { anna, oleg } = sandbox.people;
  await anna.command('/livechat-config', { in: 'general' });
  const list = await anna.modalShown('Live chats');
  await list.shows('*Sales*');
  const place = { liveChatId: liveChat.id, list: { page: 0 } };
  const view = (callbackId: string, metadata: unknown, values: unknown = {}): JsonObject => ({
    ...list.raw,
    callback_id: callbackId,
    private_metadata: JSON.stringify(metadata),
    state: { values },
  });
  const submit = (forged: JsonObject, userId: string) =>
    sandbox.faults.deliverInteraction({
      type: 'view_submission',
      user: { id: userId },
      trigger_id: '1.2.3',
      view: forged,
    });
  const option = (value: string) => ({ selected_option: { value } });
  const settings = view(
    'live_chat_settings',
    { ...place, hidden: { prefixes: '', channels: [] } },
    {
      name: { name: { value: 'Forged' } },
      source: { live_chat_source: option('prefix') },
      prefixes: { prefixes: { value: 'forged-' } },
      clients: { clients: option('everyone') },
      operators: { operators: { selected_users: [oleg.id] } },
    },
  );
  const parameters = view('live_chat_parameters', {
    ...place,
    event: 'session_created',
    processDefinitionId: 'create-lead',
    fingerprint: '',
  });
  for (const forged of [settings, view('delete_live_chat', place), parameters]) {
    expect(JSON.stringify((await submit(forged, oleg.id)).answer)).toContain(refusal);
  }
  expect(await getLiveChat(db, sandbox.teamId, liveChat.id)).toMatchObject({ name: 'Sales', prefixes: ['client-'] });
  expect(await listBindings(db, sandbox.teamId, liveChat.id)).toEqual([]);

  for (const [actionId, callbackId] of [
    ['find_live_chat', 'live_chats'],
    ['live_chat_groups', 'live_chat_settings'],
    ['search_process', 'select_live_chat_process'],
  ] as const) {
    const ask = (userId: string) =>
      sandbox.faults.deliverInteraction({
        type: 'block_suggestion',
        user: { id: userId },
        action_id: actionId,
        block_id: 'forged',
        value: '',
        container: { type: 'view', view_id: String(list.raw.id) },
        view: view(callbackId, place),
      });
    expect((await ask(oleg.id)).answer).toEqual({ options: [] });
    expect(JSON.stringify((await ask(anna.id)).answer)).toMatch(/Sales|Support team|Create lead/);
  }

  const before = list.raw;
  await sandbox.faults.deliverInteraction({
    type: 'block_actions',
    user: { id: oleg.id },
    trigger_id: '1.2.3',
    container: { type: 'view', view_id: String(before.id) },
    view: view('live_chat_processes', place),
    actions: [{ type: 'overflow', action_id: 'binding_menu', block_id: 'x', ...option(`remove:${liveChat.id}`) }],
  });
  await list.shows(refusal);

  // An administrator's identical submission is accepted: only the person was refused.
  await submit(settings, anna.id);
  expect(await getLiveChat(db, sandbox.teamId, liveChat.id)).toMatchObject({ name: 'Forged', prefixes: ['forged-'] });
});

test('a former administrator is refused at the next click', async () => {
  office = await prepareOffice();
  await office.open();
  const { sandbox, database } = office;
  const { anna } = sandbox.people;
  await anna.command('/livechat-config', { in: 'general' });
  const list = await anna.modalShown('Live chats');
  await list.shows('New live chat');
  sandbox.workspace.changePerson(anna, { isAdmin: false });
  await sandbox.traffic.settled();
  await list.click('New live chat');
  await (await anna.modalShown('New live chat')).shows(refusal);
  expect(await listLiveChats(database.db, sandbox.teamId)).toEqual([]);
});

test('malformed requests are refused without harm', async () => {
  office = await prepareOffice();
  const liveChat = await aLiveChat();
  await office.open();
  const { sandbox, database } = office;
  const { anna } = sandbox.people;
  for (const metadata of ['', '{}', JSON.stringify({ liveChatId: "' or 1=1", list: { page: 0 } })]) {
    await sandbox.faults.deliverInteraction({
      type: 'view_submission',
      user: { id: anna.id },
      trigger_id: '1.2.3',
      view: {
        id: 'V1',
        root_view_id: 'V1',
        type: 'modal',
        title: { type: 'plain_text', text: 'Forged' },
        blocks: [],
        callback_id: 'delete_live_chat',
        private_metadata: metadata,
        state: { values: {} },
      },
    });
  }
  expect(await getLiveChat(database.db, sandbox.teamId, liveChat.id)).toBeDefined();
  await anna.command('/livechat-config', { in: 'general' });
  await (await anna.modalShown('Live chats')).shows('*Sales*');
});
