import { createOperatonEngine } from '../../src/engines/operaton/operaton-engine.ts';
import { reasonOf } from '../../src/errors.ts';
import { buildServer, credentials, startServer, type Vendor } from '../../test/engines/operaton/start-server.ts';
import {
  callJson,
  type DirectClient,
  liveChatJobs,
  type MeasuredEngineKind,
  startVariables,
} from './measured-engine.ts';

const processXml = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="ordinary" isExecutable="true" camunda:historyTimeToLive="P1D">
    <bpmn:startEvent id="start" />
    <bpmn:userTask id="check" name="Check" camunda:assignee="\${owner}" />
    <bpmn:endEvent id="end" />
    <bpmn:sequenceFlow id="to_check" sourceRef="start" targetRef="check" />
    <bpmn:sequenceFlow id="to_end" sourceRef="check" targetRef="end" />
  </bpmn:process>
</bpmn:definitions>
`;
const authorization = `Basic ${btoa(`${credentials.username}:${credentials.password}`)}`;

/** The vendor's real server, built by Maven, with its database in memory. */
export const operaton = (vendor: Vendor, name: string): MeasuredEngineKind => ({
  name,
  idleCalls: 300,
  async open({ database, logger }) {
    const server = await buildServer(vendor)
      .then(() => startServer(vendor))
      .catch((error: unknown) => reasonOf(error).split('\n')[0] ?? '');
    if (typeof server === 'string') return server;
    const url = `${server.address}/engine-rest`;
    await deploy(url);
    const options = { engine: 'operaton', engineName: name, url, ...credentials };
    return {
      connect: async () => createOperatonEngine({ ...options, database, jobHandlers: liveChatJobs, logger }),
      processDefinitionId: 'ordinary',
      origin: server.address,
      direct: directClient(url),
      close: () => server.stop(),
    };
  },
});

async function deploy(url: string): Promise<void> {
  const form = new FormData();
  form.set('deployment-name', 'bench');
  form.set('ordinary.bpmn', new Blob([processXml]), 'ordinary.bpmn');
  const answer = await fetch(`${url}/deployment/create`, { method: 'POST', headers: { authorization }, body: form });
  if (!answer.ok) throw new Error(await answer.text());
}

function directClient(url: string): DirectClient {
  const variables = Object.fromEntries(Object.entries(startVariables).map(([name, value]) => [name, { value }]));
  const get = <T>(path: string) => callJson<T>(url + path, 'GET', { authorization });
  return {
    async start() {
      const path = `${url}/process-definition/key/ordinary/start`;
      return (await callJson<{ id: string }>(path, 'POST', { authorization, body: { variables } })).id;
    },
    async readTask(instance) {
      const [task] = await get<{ id: string }[]>(`/task?processInstanceId=${instance}`);
      if (!task) throw new Error('there is no task');
      await Promise.all([get(`/task/${task.id}/variables`), get(`/task/${task.id}/identity-links`)]);
    },
  };
}
