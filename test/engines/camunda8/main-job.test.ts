import { afterEach, expect, test, vi } from 'vitest';
import { clientChannel } from '../../helpers/client-channel.ts';
import { startWorld, type World } from '../../helpers/kickoff.ts';
import { setUpLiveChat } from '../../helpers/set-up-live-chat.ts';
import { claimAndAnswer } from '../claim-and-answer.ts';
import * as b from '../diagram-builder.ts';
import { replyByHand, replyLayout } from '../reply-by-hand.ts';
import { writePeople } from '../write-people.ts';
import { checked } from './camunda8-world.ts';
import { type StandIn, startStandIn } from './stand-in.ts';

const files = {
  'answer.form': JSON.stringify({
    type: 'default',
    id: 'answer',
    components: [{ type: 'textfield', key: 'answer', label: 'Answer' }],
  }),
  'help.bpmn': b.process(
    [
      b.start(),
      b.userTask('look', {
        name: 'Look into it',
        form: 'answer',
        candidateUsers: 'oleg, olga.operator@northwind.example',
      }),
      b.job('say', { name: 'Answer', type: 'live-chat:send-response', inputs: { text: '=answer' } }),
      b.catchEvent('wait', b.messageDefinition('live-chat:message-received', '=sessionId')),
      b.end(),
      b.flow('start -> look -> say -> wait -> end'),
    ],
    { id: 'help', name: 'Help a client' },
  ),
};

let world: World;
let cluster: StandIn;
afterEach(async () => {
  await world.close();
  await cluster.close();
});

test('an event starts a process at Camunda 8, whose task is claimed and completed in Slack, like its answer and question', async () => {
  cluster = await startStandIn();
  await cluster.deploy(files);
  world = await startWorld({
    environment: {
      ENGINES: 'embedded,camunda8',
      ENGINE_PEOPLE: await writePeople({ users: { oleg: 'oleg.operator@northwind.example' } }),
      ...cluster.environment,
      ...checked,
    },
  });
  await setUpLiveChat(world, {
    clients: 'Guests and people from other organisations',
    bindings: { 'Session created': { process: 'Help a client' } },
  });
  const channel = await clientChannel(world, 'support-acme');
  const { gina } = world.sandbox.people;
  await claimAndAnswer(world, {
    answer: 'In stock. How many?',
    assignee: async () => (await cluster.engine().listUserTasks('1'))[0]?.assignee,
  });
  const patience = { timeout: 20_000 };
  await vi.waitFor(
    () => expect(channel.messagesOfApp().map(({ text }) => text)).toEqual(['In stock. How many?']),
    patience,
  );
  await gina.post(channel, 'Five, please');
  await vi.waitFor(
    async () =>
      expect(await cluster.engine().getProcessInstance('1')).toMatchObject({
        status: 'completed',
        variables: { messageText: 'Five, please' },
      }),
    patience,
  );
}, 60_000);

test('a process at Camunda 8 is started manually, continues after Retry, has its task reassigned, and is cancelled', async () => {
  cluster = await startStandIn();
  await cluster.deploy({
    ...files,
    'reply.bpmn': b
      .process(
        [
          b.start('start', { form: 'answer' }),
          b.userTask('check', { name: 'Check the answer', form: 'answer' }),
          b.job('say', { name: 'Answer', type: 'live-chat:send-response', inputs: { text: '=answer' } }),
          b.end(),
          b.flow('start -> check -> say -> end'),
        ],
        { id: 'reply', name: 'Reply' },
      )
      .replace('</bpmn:definitions>', `${replyLayout}</bpmn:definitions>`),
  });
  world = await startWorld({
    sandbox: { timings: { patienceMs: 20_000 } },
    environment: { ENGINES: 'embedded,camunda8', ...cluster.environment, ...checked },
  });
  await replyByHand(world, async () => {
    const [incident] = await cluster.engine().listIncidents('1');
    const scopeKey = incident?.key ?? '';
    await cluster.engine().setVariables({ scopeKey, variables: { text: 'We have' }, local: true });
  });
  expect(await cluster.engine().getProcessInstance('3')).toMatchObject({ status: 'terminated' });
}, 120_000);
