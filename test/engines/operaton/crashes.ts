import { afterEach, describe, expect, inject, test, vi } from 'vitest';
import { type CrashWorld, shortLeases, startCrashWorld } from '../../helpers/crash-world.ts';
import { setUpByClicking } from '../../helpers/set-up-by-clicking.ts';
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts';
import { ask, clear, connectedTo, deploy } from './operaton-world.ts';
import type { Vendor } from './start-server.ts';

const xml = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  targetNamespace="test">
  <bpmn:process id="note" name="Note a message" isExecutable="true" camunda:historyTimeToLive="P1D">
    <bpmn:startEvent id="start"/>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="read"/>
    <bpmn:userTask id="read" name="Read" camunda:assignee="oleg.operator@northwind.example"/>
  </bpmn:process>
</bpmn:definitions>`;

// A killed process's claim ends 10 s after its call's time limit.
const patience = { timeout: 60_000, interval: 200 };

/** Starts around the death of Kickoff. */
export function crashes(vendor: Vendor): void {
  describe(`${vendor}, when Kickoff is killed`, () => {
    let world: CrashWorld;
    let proxy: FaultyProxy;
    afterEach(async () => {
      await world.close();
      await proxy.close();
    });

    test('kill -9 before the engine is called, and before its answer is stored: one instance per start', async () => {
      const url = `${inject('engineServers')[vendor]}/engine-rest`;
      await clear(url);
      await deploy(url, { 'note.bpmn': xml }, (text) => text);
      proxy = await startFaultyProxy(url);
      world = await startCrashWorld({
        environment: { ...connectedTo(proxy.url), ENGINES: 'operaton' },
        entry: shortLeases,
      });
      await setUpByClicking(world, {
        clients: 'Guests and people from other organisations',
        bindings: { 'Message received': { process: 'Note a message' } },
      });
      const { anna, gina } = world.sandbox.people;
      const channel = await anna.createChannel('support-acme');
      await anna.invite(channel, gina);
      let count = 0;
      proxy.fate = (call) => {
        if (!call.endsWith('/start')) return 'pass';
        count += 1;
        return count % 2 === 1 ? 'hold' : 'hold answer';
      };
      await gina.post(channel, 'one');
      await gina.post(channel, 'two');
      await vi.waitFor(() => expect(proxy.held).toHaveLength(2), { timeout: 30_000 });
      await world.kill();
      proxy.fate = () => 'pass';
      await world.start();
      const instances = () =>
        ask(url, 'GET', '/history/process-instance?processDefinitionKey=note') as Promise<{ businessKey: string }[]>;
      await vi.waitFor(async () => expect(await instances()).toHaveLength(2), patience);
      const tasks = () =>
        world.sandbox.people.oleg.inbox().filter((message) => message.texts().join().includes('Read'));
      await vi.waitFor(() => expect(tasks()).toHaveLength(2), patience);
      expect(await world.tally()).toMatchObject({ starts: { 'Note a message running': 2 } });
      // Both starts have their instance by now, so that no other can follow.
      const keys = (await instances()).map(({ businessKey }) => businessKey);
      expect(keys).toHaveLength(2);
      expect(new Set(keys).size).toBe(2);
    }, 150_000);
  });
}
