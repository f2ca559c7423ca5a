import { createElma365Engine } from '../../src/engines/elma365/elma365-engine.ts';
import { callJson, type MeasuredEngineKind, startVariables } from './measured-engine.ts';

/** Duration of a call over the Internet, in milliseconds; the stand-in itself answers almost at once. */
const answerMs = 30;

/** The tests' stand-in for ELMA365, as a separate process. */
export const elma365: MeasuredEngineKind = {
  name: `ELMA365 (stand-in, ${answerMs} ms a call)`,
  idleCalls: 130,
  async open({ world, database, logger }) {
    const server = await world.startServer('bench/servers/elma365.js', { ANSWER_MS: String(answerMs) });
    const environment = await callJson<Record<string, string>>(`http://127.0.0.1:${server.port}/environment`, 'GET');
    const { ELMA365_URL: url = '', ELMA365_TOKEN: token = '', ELMA365_PROCESSES: processFile = '' } = environment;
    const names = { engine: 'elma365', engineName: 'ELMA365' };
    const { clientName: client_name, clientEmail, messageText: words } = startVariables;
    const context = { client_name, client_email: [{ email: clientEmail, type: 'work' }], words };
    const run = `${url}/pub/v1/bpm/template/crm.leads/create_lead/run`;
    return {
      connect: () => createElma365Engine({ ...names, url, token, processFile, database, logger }),
      processDefinitionId: 'crm.leads/create_lead',
      origin: url,
      direct: {
        async start() {
          const request = { body: { context }, authorization: `Bearer ${token}` };
          return (await callJson<{ context: { __id: string } }>(run, 'POST', request)).context.__id;
        },
      },
      close: () => server.stop(),
    };
  },
};
