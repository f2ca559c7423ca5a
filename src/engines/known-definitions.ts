import { isDeepStrictEqual } from 'node:util';
import { eq, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import type { Logger } from '../logger.ts';
import type { ProcessDefinition } from '../processes/process-definition.ts';
import { EngineUnavailableError, type ProcessEngine } from './engine.ts';
import { remoteCatalogues } from './remote/tables.ts';

/**
 * The definitions of an external engine. While it is unavailable, the ones that it listed last, so that its processes stay in
 * the search and their starts wait instead of failing. The list is kept in the database, to survive a restart.
 */
export function createKnownDefinitions(
  db: Db,
  name: string,
  engine: Pick<ProcessEngine, 'listProcessDefinitions'>,
  logger: Logger,
): { list(): Promise<ProcessDefinition[]>; known(): Promise<ProcessDefinition[]> } {
  let latest: ProcessDefinition[] | undefined;
  const known = async () => {
    latest ??= await readKnown(db, name);
    return latest;
  };
  return {
    known,
    async list() {
      try {
        const listed = await engine.listProcessDefinitions();
        if (!isDeepStrictEqual(listed, latest)) await saveKnown(db, name, listed);
        latest = listed;
        return listed;
      } catch (error) {
        if (!(error instanceof EngineUnavailableError)) throw error;
        logger.warn({ err: error, engine: name }, 'an engine is unavailable: its last known processes are offered');
        return known();
      }
    },
  };
}

async function readKnown(db: Db, engine: string): Promise<ProcessDefinition[]> {
  const [row] = await db.select().from(remoteCatalogues).where(eq(remoteCatalogues.engine, engine));
  return row?.definitions ?? [];
}

async function saveKnown(db: Db, engine: string, definitions: ProcessDefinition[]): Promise<void> {
  await db
    .insert(remoteCatalogues)
    .values({ engine, definitions })
    .onConflictDoUpdate({ target: remoteCatalogues.engine, set: { definitions, listedAt: sql`now()` } });
}
