import { setTimeout as delay } from 'node:timers/promises';
import { createCamunda8Engine } from '../../src/engines/camunda8/camunda8-engine.ts';
import { processFile } from '../process-files.ts';
import {
  callJson,
  type DirectClient,
  liveChatJobs,
  type MeasuredEngineKind,
  startVariables,
} from './measured-engine.ts';

/** How often a client polls the index for a task, in milliseconds. */
const lookMs = 20;
const ordinary = processFile({ id: 'ordinary', name: 'Ordinary', assignees: [startVariables.owner] });

/** The tests' stand-in for a cluster, as a separate process. */
export const camunda8: MeasuredEngineKind = {
  name: 'Camunda 8 (stand-in)',
  idleCalls: 220,
  async open({ world, database, logger }) {
    const server = await world.startServer('bench/servers/camunda8.js', {
      DATABASE_URL: await world.postgres.createDatabase(),
      PROCESS_FILES: JSON.stringify({ [ordinary.name]: ordinary.text }),
    });
    const environment = await callJson<Record<string, string>>(`http://127.0.0.1:${server.port}/environment`, 'GET');
    const url = environment.CAMUNDA_REST_ADDRESS ?? '';
    const names = { engine: 'camunda8', engineName: 'Camunda 8' };
    return {
      connect: async () => createCamunda8Engine({ ...names, environment, database, jobHandlers: liveChatJobs, logger }),
      processDefinitionId: 'ordinary',
      origin: url,
      direct: directClient(`${url}/v2`),
      close: () => server.stop(),
    };
  },
};

function directClient(url: string): DirectClient {
  const post = <T>(path: string, body: unknown) => callJson<T>(url + path, 'POST', { body });
  return {
    async start() {
      const body = { processDefinitionId: 'ordinary', variables: startVariables };
      return (await post<{ processInstanceKey: string }>('/process-instances', body)).processInstanceKey;
    },
    async readTask(processInstanceKey) {
      for (;;) {
        const { items } = await post<{ items: unknown[] }>('/user-tasks/search', { filter: { processInstanceKey } });
        if (items.length > 0) break;
        await delay(lookMs);
      }
      await post('/variables/search', { filter: { processInstanceKey } });
    },
  };
}
