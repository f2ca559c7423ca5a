import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, inject, it } from 'vitest';
import { createJobDesk } from '../scenarios/job-desk.ts';
import { readScenarios } from '../scenarios/read-scenarios.ts';
import { runScenario, type Stage } from '../scenarios/run-scenario.ts';
import { createBridgeClient } from './bridge-client.ts';
import { createZeebeEngine } from './zeebe-engine.ts';

describe('scenarios on Zeebe', async () => {
  const scenarios = await readScenarios();
  const bridge = createBridgeClient(inject('zeebeBridge'));
  const desk = createJobDesk();
  const engine = createZeebeEngine(bridge, desk.handle);
  const { deploy, instancesOf } = engine;
  const stage: Stage = { engine, desk, deploy, instancesOf, advance: bridge.pass, startId: randomUUID };

  beforeAll(() => engine.start());
  afterAll(() => engine.stop());

  it.each(scenarios)('$title', async (scenario) => {
    await stage.deploy(scenario.files);
    await runScenario(stage, scenario);
  });
});
