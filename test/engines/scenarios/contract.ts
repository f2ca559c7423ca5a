import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cannot, describeNeeds, itNeeds } from '../contract/able.ts';
import type { EngineUnderTest } from '../contract/engine-under-test.ts';
import { openStage } from './open-stage.ts';
import { readScenarios } from './read-scenarios.ts';
import { runScenario } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';

/**
 * Runs every scenario on one engine that has the processes of all of them. Without a clock that can be moved, scenarios with
 * passing time are skipped. `half`: only every other scenario, so that two files share them.
 */
export function scenariosContract(
  open: () => Promise<EngineUnderTest>,
  cannot: Cannot,
  { hasClock = true, half }: { hasClock?: boolean; half?: 0 | 1 } = {},
): void {
  describeNeeds(cannot, 'camunda8-files')('scenarios', async () => {
    const all = await readScenarios();
    const scenarios = all
      .filter(({ steps }) => hasClock || !steps.some((step) => 'pass' in step))
      .filter((_, n) => half === undefined || n % 2 === half);
    let world: EngineUnderTest;
    let stage: Awaited<ReturnType<typeof openStage>>;

    beforeAll(async () => {
      world = await open();
      stage = await openStage({
        scenarios,
        make: (files, desk, jobTypes) => world.make(files, desk.handle, jobTypes),
        advance: (ms) => world.advance(ms),
      });
    });
    afterAll(async () => {
      await stage?.stop();
      await world?.close();
    });

    it('start processes that the engine takes', async () => {
      const started = scenarios.flatMap(({ processId, steps }) =>
        steps.flatMap((step) => ('start' in step ? (step.process ?? processId) : [])),
      );
      const known = (await stage.engine.listProcessDefinitions()).map(({ id }) => id);
      expect([...new Set(started)].filter((id) => !known.includes(id))).toEqual([]);
    });

    const isStartedByEvent = ({ steps }: Scenario) => steps.some((step) => 'started' in step);
    it.each(scenarios.filter((one) => !isStartedByEvent(one)))('$title', (scenario) => runScenario(stage, scenario));
    itNeeds(cannot, 'message-starts').each(scenarios.filter(isStartedByEvent))('$title', (scenario) =>
      runScenario(stage, scenario),
    );
  });
}
