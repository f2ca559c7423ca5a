import type { Config, EngineName } from '../config.ts';
import type { Database } from '../db/client.ts';
import type { HttpServer } from '../http-server.ts';
import type { Logger } from '../logger.ts';
import type { Timings } from '../timings.ts';
import type { JobHandler } from './engine.ts';
import { engineKeys, outwardHandlers } from './engine-keys.ts';
import { type OwnJobType, restConnectorType } from './job-types.ts';
import { readPeople, withNamedPeople } from './named-people.ts';
import { combineEngines, type Engines, type NamedEngine } from './several.ts';

export interface OpenEngines {
  database: Database;
  /** Kickoff's own job types. */
  jobHandlers: Record<OwnJobType, JobHandler>;
  /** Hands requests to a path of Kickoff's port to a handler. */
  route: HttpServer['route'];
  timings: Pick<Timings, 'embeddedEngine' | 'camunda8' | 'operaton' | 'elma365' | 'health'>;
  logger: Logger;
}

type Open = (config: Config, parts: OpenEngines) => Promise<NamedEngine>;

/** The engine of each name in ENGINES. Its modules are loaded only if it is configured. */
const engines: Record<EngineName, Open> = {
  async embedded(config, { database, jobHandlers, route, timings, logger }) {
    const [{ createEmbeddedEngine }, { createHttpJsonHandler }] = await Promise.all([
      import('./embedded/embedded-engine.ts'),
      import('./embedded/job-handlers/http-json.ts'),
    ]);
    const engine = await createEmbeddedEngine({
      database,
      secrets: new Set(config.secrets.keys()),
      ...(config.jobWorkersToken !== undefined && { externalWorkers: { token: config.jobWorkersToken, route } }),
      processesDir: config.processesDir,
      jobHandlers: {
        ...jobHandlers,
        [restConnectorType]: createHttpJsonHandler({
          secrets: config.secrets,
          allowedHosts: config.httpAllowedHosts,
        }),
      },
      workers: timings.embeddedEngine,
      logger,
    });
    return { name: 'embedded', label: engine.library.label, isElsewhere: false, engine, library: engine.library };
  },
  async camunda8({ camunda8, processesDir }, { database, jobHandlers, timings, logger }) {
    if (!camunda8) throw new Error('there is no address of Camunda 8');
    const { createCamunda8Engine } = await import('./camunda8/camunda8-engine.ts');
    const [name, label] = ['camunda8', 'Camunda 8'];
    const engine = createCamunda8Engine({
      engine: name,
      engineName: label,
      environment: camunda8.environment,
      ...(camunda8.deploy && { deployFrom: processesDir }),
      database,
      jobHandlers: outwardHandlers(engineKeys(name), jobHandlers),
      timings: timings.camunda8,
      logger: logger.child({ engine: name }),
    });
    return { name, label, isElsewhere: true, engine };
  },
  async operaton({ operaton }, { database, jobHandlers, timings, logger }) {
    if (!operaton) throw new Error('there is no address of Operaton');
    const { createOperatonEngine } = await import('./operaton/operaton-engine.ts');
    const [name, label] = ['operaton', 'Operaton'];
    const engine = createOperatonEngine({
      ...operaton,
      engine: name,
      engineName: label,
      database,
      jobHandlers: outwardHandlers(engineKeys(name), jobHandlers),
      timings: timings.operaton,
      logger: logger.child({ engine: name }),
    });
    return { name, label, isElsewhere: true, engine };
  },
  async elma365({ elma365 }, { database, timings, logger }) {
    if (!elma365) throw new Error('there is no address of ELMA365');
    const { createElma365Engine } = await import('./elma365/elma365-engine.ts');
    const [name, label] = ['elma365', 'ELMA365'];
    const engine = await createElma365Engine({
      ...elma365,
      engine: name,
      engineName: label,
      database,
      timings: timings.elma365,
      logger: logger.child({ engine: name }),
    });
    return { name, label, isElsewhere: true, engine };
  },
};

/**
 * Creates the configured engines, not started yet, and combines them into one. The only place that knows which engines exist.
 */
export async function openEngines(config: Config, parts: OpenEngines): Promise<Engines> {
  const people = config.enginePeople === undefined ? undefined : await readPeople(config.enginePeople);
  const opened = await Promise.all(config.engines.map((name) => engines[name](config, parts)));
  const named = opened.map((one) =>
    people && one.isElsewhere ? { ...one, engine: withNamedPeople(one.engine, people) } : one,
  );
  return combineEngines(named, {
    db: parts.database.db,
    patienceMs: parts.timings.health.patienceMs,
    logger: parts.logger,
  });
}
