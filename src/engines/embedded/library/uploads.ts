import { asc, sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { type UploadedFile, uploadLabel } from '../reading/file-sources.ts';
import { processUploads } from '../tables.ts';

export async function listUploads(db: Db): Promise<UploadedFile[]> {
  const { id, name, text } = processUploads;
  const rows = await db.select({ id, name, text }).from(processUploads).orderBy(asc(id));
  return rows.map((row) => ({ ...row, label: uploadLabel(row) }));
}

interface NewUpload {
  name: string;
  text: string;
  contents: string[];
  uploadedBy: string;
}

/** Stores files, and deletes those whose content newer files replace completely. */
export async function keepUploads(tx: Db, uploads: readonly NewUpload[]): Promise<void> {
  const contents = [...new Set(uploads.flatMap((upload) => upload.contents))];
  await tx
    .delete(processUploads)
    .where(sql`contents <@ array(select jsonb_array_elements_text(${JSON.stringify(contents)}::jsonb))`);
  await tx.insert(processUploads).values([...uploads]);
}
