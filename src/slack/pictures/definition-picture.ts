import { randomUUID } from 'node:crypto';
import { drawPicture } from '../../diagrams/draw-picture.ts';
import type { SlackContext } from '../slack-context.ts';
import { addPicture } from './known-pictures.ts';
import { hasLayout, lookAt, type Picture, readyInMs } from './process-picture.ts';
import { uploadPicture } from './upload-picture.ts';

/**
 * A picture of a process's newest version, for one person. It counts as superseded from the start, and is deleted an hour
 * later. The result says how far Slack is with processing it. Throws UnavailableError.
 */
export async function definitionPicture(
  context: Pick<SlackContext, 'engine' | 'client' | 'db' | 'identity' | 'timings'>,
  { id, name }: { id: string; name: string },
): Promise<() => Promise<Picture | undefined>> {
  const { engine, client, db, identity } = context;
  const xml = await engine.getDefinitionDiagram(id);
  const png = xml !== undefined && hasLayout(xml) ? await drawPicture(xml, []) : undefined;
  if (!png) return async () => undefined;
  const fileId = await uploadPicture(context, { png, filename: 'process.png', title: name });
  const uploadedAt = Date.now();
  await addPicture(db, { fileId, teamId: identity.teamId, startId: randomUUID(), state: 'definition' });
  return async () => {
    const seen = await lookAt(client, fileId);
    if (seen === 'gone') return undefined;
    return readyInMs(context.timings.pictures, fileId, Date.now() - uploadedAt, seen === 'scanned');
  };
}
