import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { describe } from 'vitest';
import { createCamunda8Engine } from '../../../../src/engines/camunda8/camunda8-engine.ts';
import { camunda8Limits } from '../../../../src/engines/camunda8/limits.ts';
import { openClockedDatabase } from '../../../helpers/database.ts';
import type { EngineUnderTest } from '../../contract/engine-under-test.ts';
import { writeFolder } from '../../embedded-world.ts';
import { scenariosContract } from '../../scenarios/contract.ts';

/** The cluster named in the environment, found like Kickoff does. */
const environment = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    name.startsWith('CAMUNDA_') && value !== undefined ? [[name, value]] : [],
  ),
);

async function openCluster(): Promise<EngineUnderTest> {
  const database = await openClockedDatabase();
  return {
    async make(files, handle, jobTypes = []) {
      return createCamunda8Engine({
        engine: 'camunda8',
        engineName: 'Camunda 8',
        environment,
        deployFrom: await writeFolder(files),
        database,
        jobHandlers: Object.fromEntries(jobTypes.map((type) => [type, handle])),
        logger: pino({ level: process.env.TEST_LOG ? 'info' : 'silent' }),
      });
    },
    advance: async (ms) => void (await delay(ms)),
    close: () => database.close(),
  };
}

describe.skipIf(environment.CAMUNDA_REST_ADDRESS === undefined)('on the cluster of CAMUNDA_REST_ADDRESS', () => {
  scenariosContract(openCluster, camunda8Limits, { hasClock: false });
});
