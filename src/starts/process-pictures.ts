import { eq, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';
import { processPictures } from './tables.ts';

export interface KnownPicture {
  fileId: string;
  /** How long ago it was uploaded, in milliseconds. */
  ageMs: number;
}

/**
 * The picture of a start's process in this state: one that is shown, or that a newer one took the place of less than
 * `freshMs` milliseconds ago.
 */
export async function findPicture(
  db: Db,
  { startId, state, freshMs }: { startId: string; state: string; freshMs: number },
): Promise<KnownPicture | undefined> {
  const [row] = await selectRows<KnownPicture>(
    db,
    sql`select file_id as "fileId", (extract(epoch from now() - created_at) * 1000)::float8 as "ageMs"
        from process_pictures where start_id = ${startId} and state = ${state}
          and (superseded_at is null or superseded_at > now() - ${freshMs} * interval '1 millisecond')
        order by created_at desc limit 1`,
  );
  return row;
}

/** A picture was uploaded. Until it is shown it counts as superseded: one that never is gets deleted like these. */
export async function addPicture(
  db: Db,
  { fileId, teamId, startId, state }: { fileId: string; teamId: string; startId: string; state: string },
): Promise<void> {
  await db.insert(processPictures).values({ fileId, teamId, startId, state, supersededAt: sql`now()` });
}

/** A picture can be shown: it takes the place of earlier ones. */
export async function setPictureCurrent(db: Db, startId: string, fileId: string): Promise<void> {
  await db
    .update(processPictures)
    .set({ supersededAt: sql`case when file_id = ${fileId} then null else coalesce(superseded_at, now()) end` })
    .where(eq(processPictures.startId, startId));
}

/** The start's thread shows this picture, and no other. */
export async function setPictureInThread(db: Db, startId: string, fileId: string | undefined): Promise<void> {
  await db
    .update(processPictures)
    .set({ inThread: sql`file_id = ${fileId ?? ''}` })
    .where(eq(processPictures.startId, startId));
}

/** Pictures that others have taken the place of, that long ago, and that no thread shows. */
export async function listSuperseded(db: Db, teamId: string, olderThanMs: number, limit: number): Promise<string[]> {
  const rows = await db
    .select({ fileId: processPictures.fileId })
    .from(processPictures)
    .where(
      sql`team_id = ${teamId} and not in_thread and superseded_at <= now() - ${olderThanMs} * interval '1 millisecond'`,
    )
    .limit(limit);
  return rows.map(({ fileId }) => fileId);
}

export async function forgetPicture(db: Db, fileId: string): Promise<void> {
  await db.delete(processPictures).where(eq(processPictures.fileId, fileId));
}
