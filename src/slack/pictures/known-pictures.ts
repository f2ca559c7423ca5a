import { eq, sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { selectRows } from '../../db/query.ts';
import { processPictures } from './tables.ts';

export interface KnownPicture {
  fileId: string;
  /** Milliseconds since it was uploaded. */
  ageMs: number;
}

/** The picture of a start's process in this state, if it is current, or was superseded less than `freshMs` milliseconds ago. */
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

/** Records an uploaded picture. It counts as superseded until it is shown, so that one that never is gets deleted. */
export async function addPicture(
  db: Db,
  { fileId, teamId, startId, state }: { fileId: string; teamId: string; startId: string; state: string },
): Promise<void> {
  await db.insert(processPictures).values({ fileId, teamId, startId, state, supersededAt: sql`now()` });
}

/** Makes a picture the current one; it supersedes earlier ones. */
export async function setPictureCurrent(db: Db, startId: string, fileId: string): Promise<void> {
  await db
    .update(processPictures)
    .set({ supersededAt: sql`case when file_id = ${fileId} then null else coalesce(superseded_at, now()) end` })
    .where(eq(processPictures.startId, startId));
}

/** Records which picture the start's thread shows. */
export async function setPictureInThread(db: Db, startId: string, fileId: string | undefined): Promise<void> {
  await db
    .update(processPictures)
    .set({ inThread: sql`file_id = ${fileId ?? ''}` })
    .where(eq(processPictures.startId, startId));
}

/** Pictures that were superseded so long ago and that no thread shows. */
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
