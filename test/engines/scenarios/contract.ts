import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProcessEngine } from '../../../src/engines/engine.ts';
import type { EngineUnderTest } from '../contract.ts';
import { createJobDesk } from './job-desk.ts';
import { readScenarios } from './read-scenarios.ts';
import { runScenario } from './run-scenario.ts';

/** Every scenario, on one engine that has the processes of them all. */
export function scenariosContract(open: () => Promise<EngineUnderTest>): void {
  describe('scenarios', async () => {
    const scenarios = await readScenarios();
    const files = Object.assign({}, ...scenarios.map((scenario) => scenario.files)) as Record<string, string>;
    const desk = createJobDesk();
    let world: EngineUnderTest | undefined;
    let engine: ProcessEngine;

    beforeAll(async () => {
      world = await open();
      engine = await world.make(files, desk.handle, jobTypesOf(files));
      await engine.start();
    });
    afterAll(async () => {
      await engine?.stop();
      await world?.close();
    });

    it('have processes of their own, all of which the engine takes', async () => {
      const processes = new Set(scenarios.map(({ processId }) => processId));
      const known = (await engine.listProcessDefinitions()).map(({ id }) => id);
      expect([...processes].filter((id) => !known.includes(id))).toEqual([]);
    });

    it.each(scenarios)('$title', async (scenario) => {
      const advance = async (ms: number) => world?.advance(ms);
      await runScenario({ engine, desk, advance, startId: randomUUID }, scenario);
    });
  });
}

export function jobTypesOf(files: Record<string, string>): string[] {
  const types = [
    ...Object.values(files)
      .join('')
      .matchAll(/<zeebe:taskDefinition type="([^"]+)"/g),
  ];
  return [...new Set(types.map(([, type = '']) => type))];
}
