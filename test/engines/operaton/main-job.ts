import { afterEach, describe, expect, inject, test, vi } from 'vitest';
import { clientChannel } from '../../helpers/client-channel.ts';
import { startWorld, type World } from '../../helpers/kickoff.ts';
import { setUpLiveChat } from '../../helpers/set-up-live-chat.ts';
import { claimAndAnswer } from '../claim-and-answer.ts';
import { replyByHand, replyLayout } from '../reply-by-hand.ts';
import { ask, clear, connectedTo, deploy } from './operaton-world.ts';
import type { Vendor } from './start-server.ts';

const xml = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  targetNamespace="test">
  <bpmn:message id="m" name="live-chat:message-received"/>
  <bpmn:process id="help" name="Help a client" isExecutable="true" camunda:historyTimeToLive="P1D">
    <bpmn:startEvent id="start"/>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="look"/>
    <bpmn:userTask id="look" name="Look into it"
      camunda:candidateUsers="oleg.operator@northwind.example,olga.operator@northwind.example">
      <bpmn:extensionElements><camunda:formData>
        <camunda:formField id="answer" label="Answer" type="string"/>
      </camunda:formData></bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="f2" sourceRef="look" targetRef="say"/>
    <bpmn:serviceTask id="say" name="Answer" camunda:type="external" camunda:topic="live-chat:send-response">
      <bpmn:extensionElements><camunda:inputOutput>
        <camunda:inputParameter name="text">\${answer}</camunda:inputParameter>
      </camunda:inputOutput></bpmn:extensionElements>
    </bpmn:serviceTask>
    <bpmn:sequenceFlow id="f3" sourceRef="say" targetRef="wait"/>
    <bpmn:receiveTask id="wait" name="Wait" messageRef="m"/>
    <bpmn:sequenceFlow id="f4" sourceRef="wait" targetRef="end"/>
    <bpmn:endEvent id="end"/>
  </bpmn:process>
</bpmn:definitions>`;

/** A process with a parameter of this type: `string`, `long`, `boolean`, `date`. */
const taking = (type: string) => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  targetNamespace="test">
  <bpmn:process id="ask" name="Ask the client" isExecutable="true" camunda:historyTimeToLive="P1D">
    <bpmn:startEvent id="start"><bpmn:extensionElements><camunda:formData>
      <camunda:formField id="topic" label="Topic" type="${type}"/>
    </camunda:formData></bpmn:extensionElements></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="end"/>
    <bpmn:endEvent id="end"/>
  </bpmn:process>
</bpmn:definitions>`;

const replyXml = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  targetNamespace="test">
  <bpmn:process id="reply" name="Reply" isExecutable="true" camunda:historyTimeToLive="P1D">
    <bpmn:startEvent id="start">
      <bpmn:extensionElements><camunda:formData>
        <camunda:formField id="answer" label="Answer" type="string"/>
      </camunda:formData></bpmn:extensionElements>
    </bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="check"/>
    <bpmn:userTask id="check" name="Check the answer">
      <bpmn:extensionElements><camunda:formData>
        <camunda:formField id="answer" label="Answer" type="string"/>
      </camunda:formData></bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="f2" sourceRef="check" targetRef="say"/>
    <bpmn:serviceTask id="say" name="Answer" camunda:type="external" camunda:topic="live-chat:send-response">
      <bpmn:extensionElements><camunda:inputOutput>
        <camunda:inputParameter name="text">\${answer}</camunda:inputParameter>
      </camunda:inputOutput></bpmn:extensionElements>
    </bpmn:serviceTask>
    <bpmn:sequenceFlow id="f3" sourceRef="say" targetRef="end"/>
    <bpmn:endEvent id="end"/>
  </bpmn:process>
  ${replyLayout}
</bpmn:definitions>`;

/** Kickoff in a workspace, with processes there. */
export function mainJob(vendor: Vendor): void {
  describe(`${vendor}, with Slack`, () => {
    let world: World;
    afterEach(() => world.close());

    test('an event starts a process, whose task is claimed and completed in Slack, like its answer and question', async () => {
      const url = `${inject('engineServers')[vendor]}/engine-rest`;
      await clear(url);
      await deploy(url, { 'help.bpmn': xml }, (text) => text);
      world = await startWorld({ environment: connectedTo(url) });
      await setUpLiveChat(world, {
        clients: 'Guests and people from other organisations',
        bindings: { 'Session created': { process: 'Help a client' } },
      });
      const channel = await clientChannel(world, 'support-acme');
      const { gina } = world.sandbox.people;
      await claimAndAnswer(world, {
        answer: 'In stock. How many?',
        async assignee() {
          const [task] = (await ask(url, 'GET', '/task?processDefinitionKey=help')) as { assignee: string | null }[];
          return task?.assignee ?? undefined;
        },
      });
      await vi.waitFor(() => expect(channel.messagesOfApp().map(({ text }) => text)).toEqual(['In stock. How many?']), {
        timeout: 30_000,
      });
      const instances = () =>
        ask(url, 'GET', '/history/process-instance?processDefinitionKey=help') as Promise<
          { id: string; state: string }[]
        >;
      await vi.waitFor(
        async () => {
          const [only] = await instances();
          const waiting = (await ask(url, 'GET', `/event-subscription?processInstanceId=${only?.id}`)) as unknown[];
          expect(waiting).toHaveLength(1);
        },
        { timeout: 30_000 },
      );
      await gina.post(channel, 'Five, please');
      await vi.waitFor(async () => expect(await instances()).toMatchObject([{ state: 'COMPLETED' }]), {
        timeout: 30_000,
      });
      const [only] = await instances();
      const kept = await ask(
        url,
        'GET',
        `/history/variable-instance?processInstanceId=${only?.id}&variableName=messageText`,
      );
      expect(kept).toMatchObject([{ value: 'Five, please' }]);
    });

    test('administrators are told of a new version there that does not fit its bindings', async () => {
      const url = `${inject('engineServers')[vendor]}/engine-rest`;
      await clear(url);
      await deploy(url, { 'ask.bpmn': taking('string') }, (text) => text);
      world = await startWorld({ environment: connectedTo(url) });
      await setUpLiveChat(world, {
        bindings: { 'Message received': { process: 'Ask the client', parameters: { Topic: "Message's text" } } },
      });
      await deploy(url, { 'ask.bpmn': taking('long') }, (text) => text);
      const { anna } = world.sandbox.people;
      // Kickoff polls definitions every 10 s.
      await anna.receives('Topic is now of type number', { timeoutMs: 30_000 });
    });

    test('a process is started manually, continues after Retry, has its task reassigned, and is cancelled', async () => {
      const url = `${inject('engineServers')[vendor]}/engine-rest`;
      await clear(url);
      await deploy(url, { 'reply.bpmn': replyXml }, (text) => text);
      world = await startWorld({
        sandbox: { timings: { patienceMs: 20_000 } },
        environment: connectedTo(url),
      });
      await replyByHand(world, async () => {
        const [job] = (await ask(url, 'GET', '/external-task')) as { executionId: string }[];
        const text = { value: 'We have', type: 'String' };
        await ask(url, 'PUT', `/execution/${job?.executionId}/localVariables/text`, text);
      });
      const path = '/history/process-instance?processDefinitionKey=reply&sortBy=startTime&sortOrder=asc';
      expect(await ask(url, 'GET', path)).toMatchObject([
        { state: 'COMPLETED' },
        { state: 'COMPLETED' },
        { state: 'EXTERNALLY_TERMINATED' },
      ]);
    }, 120_000);
  });
}
