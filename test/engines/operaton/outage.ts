import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { createRestClient, RestError } from '../../../src/engines/operaton/rest-client.ts';
import { NoAnswerError } from '../../../src/engines/remote/answers.ts';
import { startWorld, type World } from '../../helpers/kickoff.ts';
import * as b from '../diagram-builder.ts';
import { failToStart, helpFile, startAfterOutage } from '../start-after-outage.ts';
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts';
import { ask, clear, connectedTo, deploy } from './operaton-world.ts';
import { credentials, type Vendor } from './start-server.ts';
import { toCamunda7 } from './translate.ts';

/** Starts while the engine is away. */
export function outage(vendor: Vendor): void {
  describe(`${vendor}, while it is away`, () => {
    let world: World;
    let proxy: FaultyProxy;
    afterEach(async () => {
      await world.close({ tolerate: true });
      await proxy.close();
    });

    test('a start that is due while the engine is away makes one instance there once it is back', async () => {
      const url = `${inject('engineServers')[vendor]}/engine-rest`;
      await clear(url);
      await deploy(url, { 'help.bpmn': helpFile }, toCamunda7);
      proxy = await startFaultyProxy(url);
      world = await startWorld({ environment: connectedTo(proxy.url) });
      await startAfterOutage(world, {
        ...proxy,
        async countInstances() {
          return ((await ask(url, 'GET', '/history/process-instance?processDefinitionKey=help')) as unknown[]).length;
        },
      });
    }, 120_000);
  });

  describe(`${vendor}, while its database is away`, () => {
    const server = inject('engineServers')[vendor];
    const url = `${server}/engine-rest`;
    const turn = (state: 'near' | 'far' | 'away') => fetch(`${server}/database`, { method: 'PUT', body: state });
    const comeBack = async () => {
      await turn('far');
      const isBack = () =>
        ask(url, 'GET', '/process-definition/count').then(
          () => true,
          () => false,
        );
      await expect.poll(isBack, { timeout: 30_000 }).toBe(true);
    };

    beforeEach(async () => {
      await clear(url);
      await turn('far');
    });
    afterEach(async () => {
      await comeBack();
      await turn('near');
    });

    test('a start that is due makes one instance once the database is back', async () => {
      await deploy(url, { 'help.bpmn': helpFile }, toCamunda7);
      const world = await startWorld({ environment: connectedTo(url) });
      await startAfterOutage(world, {
        leave: async () => void (await turn('away')),
        comeBack,
        reason: 'the database of the process engine does not answer',
        async countInstances() {
          return ((await ask(url, 'GET', '/history/process-instance?processDefinitionKey=help')) as unknown[]).length;
        },
      }).finally(() => world.close({ tolerate: true }));
    }, 120_000);

    test('a start whose process cannot reach a database of its own fails', async () => {
      const task = `<bpmn:serviceTask id="x" camunda:delegateExpression="\${lostStock}"></bpmn:serviceTask>`;
      const file = b.process([b.start(), task, b.flow('start -> x')], { id: 'stock', name: 'Look at the stock' });
      await deploy(url, { 'stock.bpmn': file }, toCamunda7);
      const world = await startWorld({ environment: connectedTo(url) });
      await failToStart(world, 'Look at the stock', 'the stock’s database does not answer').finally(() =>
        world.close({ tolerate: true }),
      );
    }, 120_000);

    test('a call whose transaction is cut may have happened, unlike one whose process fails', async () => {
      const calling = (id: string, method: string) => {
        const task = `<bpmn:serviceTask id="x" camunda:expression="\${${method}()}"></bpmn:serviceTask>`;
        return b.process([b.start(), task, b.flow('start -> x')], { id });
      };
      const files = { 'cut.bpmn': calling('cut', 'engineDatabase.cut'), 'bad.bpmn': calling('bad', 'no.body') };
      await deploy(url, files, toCamunda7);
      const rest = createRestClient({
        engineName: 'It',
        url,
        ...credentials,
        timeoutMs: 30_000,
      });
      const start = (id: string) =>
        rest.send('POST', `/process-definition/key/${id}/start`, { body: {} }).catch((error: unknown) => error);
      expect(await start('bad')).toBeInstanceOf(RestError);
      const cut = await start('cut');
      expect(cut).toBeInstanceOf(NoAnswerError);
      expect(cut).toMatchObject({ mayHaveHappened: true });
      const refused = await start('bad');
      expect(refused).toBeInstanceOf(NoAnswerError);
      expect(refused).toMatchObject({ mayHaveHappened: false });
    }, 120_000);
  });
}
