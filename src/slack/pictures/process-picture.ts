import { createHash } from 'node:crypto';
import { drawPicture } from '../../diagrams/draw-picture.ts';
import type { ElementInstance } from '../../engines/engine.ts';
import { addPicture, findPicture } from '../../starts/process-pictures.ts';
import type { Start } from '../../starts/queries.ts';
import { platformError } from '../platform-error.ts';
import type { SlackContext } from '../slack-context.ts';
import { uploadPicture } from './upload-picture.ts';

type Pictured = Pick<Start, 'id' | 'processName' | 'processInstanceKey'>;

/**
 * The file id of a picture of a start's process as it stands now, uploaded and shared nowhere: a new one, or the latest
 * where nothing has changed since. Undefined: it never ran, or its diagram has no layout to draw. Throws UnavailableError.
 */
export async function processPicture(
  context: Pick<SlackContext, 'engine' | 'client' | 'db' | 'identity'>,
  start: Pictured,
): Promise<string | undefined> {
  const { engine, client, db, identity } = context;
  const { id: startId, processName, processInstanceKey } = start;
  const xml = await drawableDiagram(context, start);
  if (xml === undefined || processInstanceKey === null) return undefined;
  const history = await engine.listElementInstances(processInstanceKey);
  const state = stateOf(history);
  const known = await findPicture(db, startId, state);
  if (known !== undefined && (await isThere(client, known))) return known;
  const png = await drawPicture(xml, history);
  if (!png) return undefined;
  const fileId = await uploadPicture(context, { png, filename: `process-${startId}.png`, title: processName });
  await addPicture(db, { fileId, teamId: identity.teamId, startId, state });
  return fileId;
}

/** The diagram of a start's process, if it can be drawn: a file that was written by hand has no layout. */
export async function drawableDiagram(
  { engine }: Pick<SlackContext, 'engine'>,
  { processInstanceKey }: Pictured,
): Promise<string | undefined> {
  const xml = processInstanceKey === null ? undefined : await engine.getDiagram(processInstanceKey);
  return xml?.includes('BPMNShape') ? xml : undefined;
}

/** Names how a process stands: what looks different differs. */
export function stateOf(history: readonly ElementInstance[]): string {
  const visits = history.map(({ key, status, leftAt }) => [key, status, leftAt?.getTime()]);
  return createHash('sha256').update(JSON.stringify(visits)).digest('base64url').slice(0, 22);
}

/** Somebody may have deleted it in Slack. */
async function isThere(client: SlackContext['client'], fileId: string): Promise<boolean> {
  try {
    await client.files.info({ file: fileId });
    return true;
  } catch (error) {
    if (['file_not_found', 'file_deleted'].includes(platformError(error) ?? '')) return false;
    throw error;
  }
}
