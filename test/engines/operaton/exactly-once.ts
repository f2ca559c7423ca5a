import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EngineRefusedError, EngineUnavailableError, type ProcessEngine } from '../../../src/engines/engine.ts';
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts';
import { ask, type OperatonWorld, openOperatonWorld } from './operaton-world.ts';
import type { Vendor } from './start-server.ts';

const xml = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  targetNamespace="test">
  <bpmn:process id="visit" name="Plan a visit" isExecutable="true" camunda:historyTimeToLive="P1D">
    <bpmn:documentation>Somebody goes there</bpmn:documentation>
    <bpmn:startEvent id="start">
      <bpmn:extensionElements>
        <camunda:formData>
          <camunda:formField id="city" label="City" type="string">
            <camunda:validation><camunda:constraint name="required"/></camunda:validation>
          </camunda:formField>
          <camunda:formField id="day" label="Day" type="date"/>
          <camunda:formField id="people" label="People" type="long"/>
          <camunda:formField id="size" label="Size" type="enum">
            <camunda:value id="s" name="Small"/><camunda:value id="l" name="Large"/>
          </camunda:formField>
        </camunda:formData>
      </bpmn:extensionElements>
    </bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="plan"/>
    <bpmn:userTask id="plan" name="Plan"/>
    <bpmn:sequenceFlow id="f2" sourceRef="plan" targetRef="decide"/>
    <bpmn:exclusiveGateway id="decide"/>
    <bpmn:sequenceFlow id="f3" sourceRef="decide" targetRef="end">
      <bpmn:conditionExpression xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="bpmn:tFormalExpression">\${approved}</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:endEvent id="end"/>
    <bpmn:sequenceFlow id="f4" sourceRef="decide" targetRef="refused">
      <bpmn:conditionExpression xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="bpmn:tFormalExpression">\${!approved}</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:endEvent id="refused"/>
  </bpmn:process>
</bpmn:definitions>`;

/** Starts and tasks over a connection that breaks. */
export function exactlyOnce(vendor: Vendor): void {
  describe(`${vendor}, over a connection that breaks`, () => {
    let world: OperatonWorld;
    let proxy: FaultyProxy;
    let engine: ProcessEngine;
    const doubtMs = 400;
    const isStart = (call: string) => call.startsWith('POST') && call.endsWith('/start');

    beforeAll(async () => {
      world = await openOperatonWorld(vendor);
      await world.deploy({ 'visit.bpmn': xml });
      proxy = await startFaultyProxy(world.url);
      engine = world.connect({ url: proxy.url, timings: { doubtMs } });
      await engine.start();
    });
    afterAll(async () => {
      await engine?.stop();
      await proxy?.close();
      await world?.close();
    });
    beforeEach(() => {
      proxy.fate = () => 'pass';
    });

    const request = (startId: string = randomUUID()) => ({
      startId,
      processDefinitionId: 'visit',
      variables: { city: 'Oslo', day: '2030-05-01', people: 3, sessionId: 'a session', big: 7615917337495251231n },
    });
    const instancesOf = (startId: string) =>
      ask(world.url, 'GET', `/history/process-instance?processInstanceBusinessKey=${startId}`) as Promise<
        { id: string }[]
      >;
    /** Retries the start like the starts worker. */
    const untilStarted = async (asked: ReturnType<typeof request>, by = engine) => {
      for (let tries = 1; ; tries += 1) {
        try {
          return (await by.startProcessInstance(asked)).processInstanceKey;
        } catch (error) {
          if (!(error instanceof EngineUnavailableError) || tries === 100) throw error;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }
    };

    it('finds the instance whose answer was lost', async () => {
      const asked = request();
      let isLost = false;
      proxy.fate = (call) => {
        if (!isStart(call) || isLost) return 'pass';
        isLost = true;
        return 'lose answer';
      };
      await expect(engine.startProcessInstance(asked)).rejects.toThrow(EngineUnavailableError);
      const key = await untilStarted(asked);
      expect(await instancesOf(asked.startId)).toMatchObject([{ id: key }]);
    });

    it('starts again after a connection broke before the call, once the engine cannot be carrying it out', async () => {
      const asked = request();
      let isCut = false;
      proxy.fate = (call) => {
        if (!isStart(call) || isCut) return 'pass';
        isCut = true;
        return 'cut before';
      };
      const begun = performance.now();
      await expect(engine.startProcessInstance(asked)).rejects.toThrow(EngineUnavailableError);
      await expect(engine.startProcessInstance(asked)).rejects.toThrow('has not said what came of this');
      const key = await untilStarted(asked);
      expect(performance.now() - begun).toBeGreaterThan(doubtMs);
      expect(await instancesOf(asked.startId)).toMatchObject([{ id: key }]);
    });

    it('starts once on two replicas whose answers are sometimes lost', async () => {
      const other = world.connect({ url: proxy.url, timings: { doubtMs } });
      let count = 0;
      proxy.fate = (call) => {
        if (!isStart(call)) return 'pass';
        count += 1;
        return count % 3 === 0 ? 'lose answer' : count % 3 === 1 ? 'cut before' : 'pass';
      };
      const requests = Array.from({ length: 8 }, () => request());
      const keys = await Promise.all(
        requests.map(async (asked) => [await untilStarted(asked), await untilStarted(asked, other)]),
      );
      for (const [index, [one, two]] of keys.entries()) {
        expect(one).toBe(two);
        expect(await instancesOf(requests[index]?.startId ?? '')).toMatchObject([{ id: one }]);
      }
    });

    it('does not mistake another client’s instance with the business key of a start for its own', async () => {
      const asked = request();
      const key = await untilStarted(asked);
      const forged = (await ask(world.url, 'POST', '/process-definition/key/visit/start', {
        businessKey: asked.startId,
      })) as { id: string };
      expect(await engine.getProcessInstance(forged.id)).toMatchObject({ startId: undefined });
      expect(await engine.getProcessInstance(key)).toMatchObject({ startId: asked.startId });
    });

    it('knows that a task is completed if the answer was lost', async () => {
      const key = await untilStarted(request());
      const [task] = await engine.listUserTasks(key);
      const completion = { taskKey: task?.key ?? '', variables: { approved: true }, completedBy: 'U1' };
      proxy.fate = (call) => (call.endsWith('/complete') ? 'lose answer' : 'pass');
      await expect(engine.completeUserTask(completion)).rejects.toThrow(EngineUnavailableError);
      await engine.completeUserTask(completion);
      expect(await engine.getUserTask(completion.taskKey)).toMatchObject({ status: 'completed', completedBy: 'U1' });
      expect(await engine.getProcessInstance(key)).toMatchObject({ status: 'completed' });
    });

    it('gives the reason why a task cannot be completed if the next step fails, and leaves it open', async () => {
      const key = await untilStarted(request());
      const [task] = await engine.listUserTasks(key);
      const completing = engine.completeUserTask({ taskKey: task?.key ?? '', variables: {}, completedBy: 'U1' });
      await expect(completing).rejects.toThrow(EngineRefusedError);
      await expect(completing).rejects.toThrow('approved');
      expect(await engine.getUserTask(task?.key ?? '')).toMatchObject({ status: 'open' });
    });

    it('shows generated forms, and sets variables with the types that the process declares', async () => {
      const [definition] = await engine.listProcessDefinitions();
      expect(definition).toMatchObject({ id: 'visit', name: 'Plan a visit', description: 'Somebody goes there' });
      expect(definition?.parameters).toEqual([
        { key: 'city', label: 'City', type: 'text', required: true },
        { key: 'day', label: 'Day', type: 'date', required: false },
        { key: 'people', label: 'People', type: 'number', required: false },
        { key: 'size', label: 'Size', type: 'choice', required: false },
      ]);
      const key = await untilStarted(request());
      const kept = await ask(world.url, 'GET', `/process-instance/${key}/variables?deserializeValues=false`);
      expect(kept).toMatchObject({
        day: { type: 'Date' },
        people: { type: 'Long' },
        city: { type: 'String' },
        big: { type: 'Long' },
      });
      expect(await engine.getVariables(key)).toMatchObject({
        people: 3,
        big: 7615917337495251231n,
        sessionId: 'a session',
      });
    });

    it('prevents changes of the session of an instance', async () => {
      const key = await untilStarted(request());
      const [task] = await engine.listUserTasks(key);
      const variables = { approved: true, sessionId: 'another' };
      await engine.completeUserTask({ taskKey: task?.key ?? '', variables, completedBy: 'U1' });
      expect((await engine.getProcessInstance(key))?.variables).toMatchObject({
        approved: true,
        sessionId: 'a session',
      });
    });

    it('is unavailable while the password is refused, and continues once it is accepted', async () => {
      const locked = world.connect({ password: 'wrong' });
      await expect(locked.checkHealth()).rejects.toThrow('does not accept the user name and password');
      await expect(locked.startProcessInstance(request())).rejects.toThrow(EngineUnavailableError);
      // Retries, because the engine locks the user for a while.
      await untilStarted(request(), world.connect());
    });
  });
}
