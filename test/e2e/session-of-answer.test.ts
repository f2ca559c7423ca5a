import { afterEach, describe, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { sessions } from '../../src/sessions/tables.ts';
import { end, flow, job, messageDefinition, process, start, startOn } from '../engines/diagram-builder.ts';
import { writeFolder } from '../engines/embedded-world.ts';
import { clientChannel } from '../helpers/client-channel.ts';
import { anyDeliveryMode, startWorld, type World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
afterEach(() => world.close());

const ask = job('ask', {
  type: 'io.camunda:http-json:1',
  inputs: { method: 'POST', url: '{{secrets.CRM_URL}}/answer' },
  headers: { resultExpression: '=response.body' },
});
const tell = job('tell', { type: 'live-chat:send-response', inputs: { text: 'Your confidential answer' } });
const answers = (channel: Channel) => channel.messagesOfApp().map(({ text }) => text);

const sessionIdOf = async (channel: Channel) =>
  (await world.database.db.select().from(sessions)).find(({ channelId }) => channelId === channel.id)?.id;

/** A client writes in one session, and the service called by the process names another one. */
async function expectAnswerInOwnSession(): Promise<void> {
  const [acme, globex] = [await clientChannel(world, 'support-acme'), await clientChannel(world, 'support-globex')];
  world.crm.answer({ sessionId: await sessionIdOf(globex) });
  await world.sandbox.people.gina.post(acme, 'Where is my order?');
  await world.quiet();
  expect(answers(globex)).toEqual([]);
  expect(answers(acme)).toEqual(['Your confidential answer']);
}

describe.each(anyDeliveryMode)('%s', (mode) => {
  test('a service that answers with another session’s id does not redirect the answer to the client', async () => {
    const processes = await writeFolder({
      'answer.bpmn': process([start(), ask, tell, end(), flow('start -> ask -> tell -> end')], {
        id: 'answer',
        name: 'Answer the client',
      }),
    });
    world = await startWorld({ mode, environment: { PROCESSES_DIR: processes } });
    await setUpLiveChat(world, {
      clients: 'Guests and people from other organisations',
      bindings: { 'Message received': { process: 'Answer the client' } },
    });
    await expectAnswerInOwnSession();
  });
});

test('a process that a client’s message starts by itself answers in the session of the message', async () => {
  const processes = await writeFolder({
    'begun.bpmn': process(
      [
        startOn('heard', messageDefinition('live-chat:message-received')),
        ask,
        tell,
        end(),
        flow('heard -> ask -> tell -> end'),
      ],
      { id: 'begun', name: 'Begun by a message' },
    ),
  });
  world = await startWorld({ environment: { PROCESSES_DIR: processes } });
  await setUpLiveChat(world, { clients: 'Guests and people from other organisations' });
  await expectAnswerInOwnSession();
});
