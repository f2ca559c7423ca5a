import type { Config } from '../config.ts';
import type { Database } from '../db/client.ts';
import type { Logger } from '../logger.ts';
import type { JobHandler, ProcessEngine } from './engine.ts';

export interface OpenEngine {
  database: Database;
  /** Kickoff's own job types. */
  jobHandlers: Record<string, JobHandler>;
  logger: Logger;
}

/** The engine that the configuration asks for, not started. The only place that knows which engines there are. */
export async function openEngine(
  config: Config,
  { database, jobHandlers, logger }: OpenEngine,
): Promise<ProcessEngine> {
  const [{ createEmbeddedEngine }, { createHttpJsonHandler }] = await Promise.all([
    import('./embedded/embedded-engine.ts'),
    import('./embedded/job-handlers/http-json.ts'),
  ]);
  return createEmbeddedEngine({
    database,
    processesDir: config.processesDir,
    jobHandlers: {
      ...jobHandlers,
      'io.camunda:http-json:1': createHttpJsonHandler({
        secrets: config.secrets,
        allowedHosts: config.httpAllowedHosts,
      }),
    },
    logger,
  });
}
