import { afterEach, expect, test } from 'vitest';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { writeRequiringProcess } from '../helpers/requiring-process.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
afterEach(() => world.close());

test('a start that fails because data is missing is shown, and starts once the data is there', async () => {
  world = await startWorld({ environment: { PROCESSES_DIR: await writeRequiringProcess() } });
  const { anna, oleg, olga, sam, gina } = world.sandbox.people;
  const activity = await anna.createChannel('kickoff-activity', { invite: [sam, oleg] });
  // A guest who is an operator is not a client, unlike other guests.
  world.sandbox.workspace.changePerson(olga, { isRestricted: true });
  await setUpLiveChat(world, {
    activityChannel: 'kickoff-activity',
    bindings: {
      'Session created': {
        process: 'Call the client',
        parameters: { Title: "Message's text", 'E-mail': "Client's e-mail" },
      },
    },
  });
  const channel = await anna.createChannel('support-acme', { invite: [oleg, olga] });
  const line = () => activity.messagesOfApp().at(-1);
  await sam.receives("“Title” is required, but “Message's text” is not known", { in: activity });
  await world.quiet();

  await anna.command('/livechat-config', { in: 'general' });
  await (await anna.modalShown('Live chats')).menu('Support', 'Business processes');
  await (await anna.modalShown('Business processes')).menu('Session created', 'Configure parameters');
  const parameters = await anna.modalShown('Input parameters');
  await parameters.choose('Title', "Session's name");
  await parameters.submit();
  await anna.modalShown('Business processes');

  await sam.sees(activity).at(-1)?.click('Retry');
  await sam.receives("“E-mail” is required, but “Client's e-mail” is not known", { in: activity });
  await world.quiet();
  await anna.invite(channel, gina);
  await world.quiet();
  await sam.sees(activity).at(-1)?.click('Retry');
  await sam.receives('“Call” waits for', { in: activity });
  expect(activity.messagesOfApp()).toHaveLength(1);
  expect(line()?.texts().join('\n')).toContain('Gina Guest');
});

test('a start that needs the operator who answered can be retried once somebody has answered', async () => {
  world = await startWorld({ environment: { PROCESSES_DIR: await writeRequiringProcess() } });
  const { anna, oleg, sam, gina } = world.sandbox.people;
  const activity = await anna.createChannel('kickoff-activity', { invite: [sam, oleg] });
  const parameters = { Title: "Operator's name", 'E-mail': "Client's e-mail" };
  const bindings = { 'Message received': { process: 'Call the client', parameters } };
  await setUpLiveChat(world, { activityChannel: 'kickoff-activity', bindings });
  const channel = await anna.createChannel('support-acme', { invite: [oleg, gina] });
  await gina.post(channel, 'Is anybody there?');
  await world.quiet();
  await sam.receives("“Title” is required, but “Operator's name” is not known", { in: activity });
  await oleg.post(channel, 'I am');
  await world.quiet();
  await sam.sees(activity).at(-1)?.click('Retry');
  await sam.receives('“Call” waits for', { in: activity });
  expect(activity.messagesOfApp()).toHaveLength(1);
});
