import { afterEach, describe, inject, test } from 'vitest';
import { startWorld, type World } from '../../helpers/kickoff.ts';
import { helpFile, startAfterOutage } from '../start-after-outage.ts';
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts';
import { ask, clear, connectedTo, deploy } from './operaton-world.ts';
import type { Vendor } from './start-server.ts';
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
}
