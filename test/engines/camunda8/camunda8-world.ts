import { pino } from 'pino';
import { type Camunda8Options, createCamunda8Engine } from '../../../src/engines/camunda8/camunda8-engine.ts';
import type { Camunda8Timings } from '../../../src/engines/camunda8/context.ts';
import type { Job, JobHandler, ProcessEngine } from '../../../src/engines/engine.ts';
import type { Variables } from '../../../src/processes/value-types.ts';
import { type ClockedDatabase, openClockedDatabase } from '../../helpers/database.ts';
import { contractJobTypes, type EngineUnderTest } from '../contract/engine-under-test.ts';
import { type StandIn, type StandInOptions, startStandIn } from './stand-in.ts';

/** Short timings for tests. */
export const quickTimings: Partial<Camunda8Timings> = {
  pollMs: 300,
  openTasksMs: 600,
  definitionsMs: 2000,
  longPollMs: 3000,
  offerAgainMs: 100,
  // Long, because tests move the clock by hours while a job is running.
  leaseMs: 43_200_000,
};

export interface Camunda8World extends EngineUnderTest {
  database: ClockedDatabase;
  cluster: StandIn;
  /** Like `make`, with other options and nothing deployed. */
  connect(options?: Partial<Camunda8Options>): ProcessEngine;
}

/** The client validates every request and answer against Camunda's own schemas, including unknown properties of answers. */
export const checked = { CAMUNDA_SDK_VALIDATION: 'req:fanatical,res:fanatical' };

/** A stand-in for a cluster, and a database of Kickoff, shared by any number of engines. */
export async function openCamunda8World(options: StandInOptions = {}): Promise<Camunda8World> {
  const cluster = await startStandIn(options);
  const database = await openClockedDatabase();
  const connect = (given: Partial<Camunda8Options> = {}): ProcessEngine =>
    createCamunda8Engine({
      engine: 'camunda8',
      engineName: 'Camunda 8',
      database,
      jobHandlers: {},
      logger: pino({ level: process.env.TEST_LOG ? 'info' : 'silent' }),
      ...given,
      environment: { ...cluster.environment, ...checked, ...given.environment },
      timings: { ...quickTimings, ...given.timings },
    });
  return {
    database,
    cluster,
    connect,
    async make(files, handle, jobTypes = contractJobTypes): Promise<ProcessEngine> {
      await cluster.deploy(files);
      const doJob: JobHandler = (job: Job, signal: AbortSignal): Promise<Variables> => handle(job, signal);
      return connect({ jobHandlers: Object.fromEntries(jobTypes.map((type) => [type, doJob])) });
    },
    async advance(ms) {
      await cluster.advance(ms);
      await database.advance(ms);
      database.signal('remote_messages');
      database.signal('remote_changed');
    },
    async close() {
      await database.close();
      await cluster.close();
    },
  };
}
