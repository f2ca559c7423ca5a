import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { processPictures } from '../db/schema.ts';

/** The latest picture of a start's process, if it shows this state. */
export async function findPicture(db: Db, startId: string, state: string): Promise<string | undefined> {
  const [row] = await db
    .select({ fileId: processPictures.fileId })
    .from(processPictures)
    .where(
      and(eq(processPictures.startId, startId), eq(processPictures.state, state), isNull(processPictures.supersededAt)),
    );
  return row?.fileId;
}

/** A picture was uploaded: it takes the place of earlier ones. */
export async function addPicture(
  db: Db,
  { fileId, teamId, startId, state }: { fileId: string; teamId: string; startId: string; state: string },
): Promise<void> {
  await db.execute(
    sql`with earlier as (
          update process_pictures set superseded_at = now() where start_id = ${startId} and superseded_at is null)
        insert into process_pictures (file_id, team_id, start_id, state) values (${fileId}, ${teamId}, ${startId}, ${state})`,
  );
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
