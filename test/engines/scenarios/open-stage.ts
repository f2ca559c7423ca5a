import { randomUUID } from 'node:crypto';
import type { ProcessEngine } from '../../../src/engines/engine.ts';
import { createJobDesk } from './job-desk.ts';
import type { Stage } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';

export interface StageOptions {
  /** The scenarios to run: their processes are deployed from the beginning. */
  scenarios: readonly Scenario[];
  /** Creates an engine without starting it. Several share their state. */
  make(files: Record<string, string>, desk: Stage['desk'], jobTypes: string[]): Promise<ProcessEngine>;
  advance: Stage['advance'];
}

/** A stage for engines that read their process files once: a deployment replaces the engine by a new one. */
export async function openStage({
  scenarios,
  make,
  advance,
}: StageOptions): Promise<Stage & { engine: ProcessEngine; stop(): Promise<void> }> {
  const desk = createJobDesk();
  const files = Object.assign({}, ...scenarios.map((scenario) => scenario.files)) as Record<string, string>;
  const jobTypes = jobTypesOf(
    scenarios.flatMap((one) => [one.files, ...Object.values(one.deployments)].flatMap(Object.values)),
  );
  /** Keys of instances → their processes. */
  const seen = new Map<string, string>();
  const open = async () => {
    const opened = await make(files, desk, jobTypes);
    opened.onProcessInstanceChange(async (key) => {
      if (seen.has(key)) return;
      const instance = await opened.getProcessInstance(key);
      if (instance) seen.set(key, instance.processDefinitionId);
    });
    return opened;
  };
  let engine = await open();
  await engine.start();
  return {
    get engine() {
      return engine;
    },
    desk,
    advance,
    startId: randomUUID,
    instancesOf: async (processId) => [...seen].flatMap(([key, of]) => (of === processId ? [key] : [])),
    async deploy(further) {
      Object.assign(files, further);
      await engine.stop();
      engine = await open();
      await engine.start();
    },
    stop: () => engine.stop(),
  };
}

function jobTypesOf(diagrams: string[]): string[] {
  const types = [...diagrams.join('').matchAll(/<zeebe:(?:taskDefinition|\w+Listener)[^>]* type="([^"]+)"/g)];
  return [...new Set(types.map(([, type = '']) => type))];
}
