import { setTimeout as pause } from 'node:timers/promises';
import type { JobDesk } from '../scenarios/job-desk.ts';
import type { Stage, StageEngine } from '../scenarios/run-scenario.ts';
import { createAnswers } from './answers.ts';
import { type BridgeClient, RejectedError } from './bridge-client.ts';
import { createDeployedFiles } from './deployed-files.ts';
import { createEngineState } from './engine-state.ts';
import { createJobWorker } from './job-worker.ts';

const pollIntervalMs = 30;

export type ZeebeEngine = StageEngine &
  Pick<Stage, 'deploy' | 'instancesOf'> & {
    start(): void;
    stop(): Promise<void>;
  };

/** Zeebe behind the port, as far as scenarios need it: commands go through the bridge, answers come from Zeebe's records. */
export function createZeebeEngine(bridge: BridgeClient, handle: JobDesk['handle']): ZeebeEngine {
  const state = createEngineState();
  const files = createDeployedFiles();
  const worker = createJobWorker({ bridge, state, handle });
  const answers = createAnswers(state, files);
  let stopping = false;
  let working = Promise.resolve();
  /** Number of records read so far. */
  let next = 0;
  let reading = Promise.resolve();

  /** Reads one after the other, so that each includes everything done before it. */
  const read = (): Promise<void> => {
    reading = reading.then(async () => {
      const answer = await bridge.records(next);
      next = answer.next;
      for (const record of answer.records) state.apply(record);
    });
    return reading;
  };
  const work = async (): Promise<void> => {
    while (!stopping) {
      await read();
      await worker.round(read);
      await pause(pollIntervalMs);
    }
  };

  return {
    start() {
      working = work();
    },
    async stop() {
      stopping = true;
      await working;
      await worker.stop();
    },
    async deploy(further) {
      files.add(further);
      await bridge.deploy(further);
    },
    async instancesOf(processId) {
      await read();
      const instances = [...state.elements.values()].filter(({ bpmnElementType }) => bpmnElementType === 'PROCESS');
      return instances.flatMap(({ key, elementId }) => (elementId === processId ? [key] : []));
    },
    async startProcessInstance({ processDefinitionId, variables }) {
      return { processInstanceKey: (await bridge.start(processDefinitionId, variables)).key };
    },
    async getProcessInstance(key) {
      await read();
      const instance = state.elements.get(key);
      return instance && answers.instance(instance);
    },
    async listUserTasks(key) {
      await read();
      return state.within(state.tasks, key).map(answers.task);
    },
    completeUserTask: ({ taskKey, variables }) => bridge.completeTask(taskKey, variables),
    async listIncidents(key) {
      await read();
      return state.within(state.incidents, key).map(answers.incident);
    },
    async resolveIncident(key, { retries = 1 } = {}) {
      const jobKey = state.incidents.get(key)?.jobKey;
      if (jobKey !== undefined) await bridge.setRetries(jobKey, retries);
      await bridge.resolveIncident(key);
    },
    async listElementInstances(key) {
      await read();
      const elements = [...state.elements.values()];
      return elements.filter(({ processInstanceKey }) => processInstanceKey === key).map(answers.element);
    },
    setVariables: ({ scopeKey, variables, local }) => bridge.setVariables(scopeKey, variables, local),
    publishMessage: ({ correlationKey = '', ...message }) =>
      // A message with the same id counts as this one.
      bridge.publish({ ...message, correlationKey }).catch(unless('ALREADY_EXISTS')),
    broadcastSignal: ({ name, variables }) => bridge.broadcast(name, variables),
    // An ended instance stays unchanged.
    cancelProcessInstance: (key) => bridge.cancel(key).catch(unless('NOT_FOUND')),
  };
}

/** Rethrows errors other than a rejection with this code. */
const unless = (code: string) => (error: unknown) => {
  if (!(error instanceof RejectedError && error.code === code)) throw error;
};
