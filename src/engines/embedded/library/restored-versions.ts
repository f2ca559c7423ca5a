import { and, desc, eq, inArray } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { reasonOf } from '../../../errors.ts';
import { readStored } from '../instances/definitions.ts';
import { reachingDatabase } from '../instances/unavailable.ts';
import { type LoadedProcess, type LoadProblem, loadedProcess } from '../reading/load-processes.ts';
import { outlineOf } from '../reading/outline.ts';
import { engineDefinitions, restoredVersions } from '../tables.ts';

export type StoredVersion = typeof engineDefinitions.$inferSelect;
export type RestoredVersion = typeof restoredVersions.$inferSelect;

export const listRestored = (db: Db): Promise<RestoredVersion[]> => db.select().from(restoredVersions);

/** Makes a process run an earlier version from now on, in place of one that was restored before. */
export async function keepRestored(db: Db, restored: Omit<RestoredVersion, 'createdAt'>): Promise<void> {
  const { processId, ...set } = restored;
  await db
    .insert(restoredVersions)
    .values(restored)
    .onConflictDoUpdate({ target: restoredVersions.processId, set: { ...set, createdAt: new Date() } });
}

/** Makes processes follow their files again. */
export async function forgetRestored(db: Db, processIds: readonly string[]): Promise<void> {
  if (processIds.length === 0) return;
  await db.delete(restoredVersions).where(inArray(restoredVersions.processId, [...processIds]));
}

/** The stored version of a process with this number; undefined if there is none. */
export async function findVersion(db: Db, processId: string, version: number): Promise<StoredVersion | undefined> {
  const { processId: ofProcess, version: ofVersion } = engineDefinitions;
  const isIt = and(eq(ofProcess, processId), eq(ofVersion, version));
  const [row] = await db.select().from(engineDefinitions).where(isIt);
  return row;
}

/** The stored version with this key. */
export async function getStored(db: Db, key: number): Promise<StoredVersion | undefined> {
  const [row] = await db.select().from(engineDefinitions).where(eq(engineDefinitions.key, key));
  return row;
}

/** Stored versions of a process, newest first. */
export function listStored(db: Db, processId: string, limit: number) {
  const { key, version, contentHash, createdAt } = engineDefinitions;
  return db
    .select({ key, version, contentHash, createdAt })
    .from(engineDefinitions)
    .where(eq(engineDefinitions.processId, processId))
    .orderBy(desc(version))
    .limit(limit);
}

/** A process with the content of one of its versions. Throws if the version cannot be run any more. */
export async function storedProcess(
  { file, origin }: Pick<LoadedProcess, 'file' | 'origin'>,
  row: StoredVersion,
): Promise<LoadedProcess> {
  const { model, forms } = await readStored(row);
  const withTexts = [...forms].map(([id, form]) => [id, { form, text: row.forms[id] ?? '' }] as const);
  const decisions = Object.entries(row.decisions).map(([id, text]) => [id, { text }] as const);
  const outline = outlineOf(model, row.xml);
  const stored = loadedProcess({ file, origin, model, outline, xml: row.xml }, new Map(withTexts), new Map(decisions));
  return { ...stored, contentHash: row.contentHash };
}

/**
 * The loaded processes, with the content of a restored earlier version if the files have not changed since. If that version
 * cannot be run any more, the process follows its files again.
 */
export async function withRestored(
  db: Db,
  processes: readonly LoadedProcess[],
  restored: readonly RestoredVersion[],
): Promise<{ processes: LoadedProcess[]; problems: LoadProblem[] }> {
  const chosen = new Map(restored.map((one) => [one.processId, one]));
  const problems: LoadProblem[] = [];
  const followed = await Promise.all(
    processes.map(async (loaded) => {
      const choice = chosen.get(loaded.model.id);
      if (choice?.insteadOf !== loaded.contentHash) return loaded;
      const row = await reachingDatabase(() => getStored(db, choice.definitionKey));
      if (!row) return loaded;
      try {
        return await storedProcess(loaded, row);
      } catch (error) {
        const { id } = loaded.model;
        const reason = `version ${row.version} of ${id} was restored, but cannot run any more: ${reasonOf(error)}`;
        problems.push({ file: loaded.file, reason });
        return loaded;
      }
    }),
  );
  return { processes: followed, problems };
}
