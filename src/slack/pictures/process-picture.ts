import { createHash } from 'node:crypto';
import { drawPicture } from '../../diagrams/draw-picture.ts';
import type { ElementInstance } from '../../engines/engine.ts';
import type { Start } from '../../starts/queries.ts';
import type { Timings } from '../../timings.ts';
import { platformError } from '../platform-error.ts';
import type { SlackContext } from '../slack-context.ts';
import { addPicture, findPicture, type KnownPicture, setPictureCurrent } from './known-pictures.ts';
import { uploadPicture } from './upload-picture.ts';

type Pictured = Pick<Start, 'id' | 'processName' | 'processInstanceKey'>;

export interface Picture {
  fileId: string;
  /**
   * Milliseconds until to check again whether Slack can show this picture in a block; 0: it can. Slack processes a file for
   * seconds, sometimes half a minute.
   */
  readyInMs: number;
}

/**
 * Uploads a picture of a start's process in its current state, or reuses the latest if nothing changed. It is not shared
 * anywhere. Returns undefined if the process never ran, its diagram has no layout, or Slack does not process the picture.
 * Throws UnavailableError.
 */
export async function processPicture(
  context: Pick<SlackContext, 'engine' | 'client' | 'db' | 'identity' | 'timings'>,
  start: Pictured,
): Promise<Picture | undefined> {
  const { engine, client, db, identity, timings } = context;
  const { id: startId, processName, processInstanceKey } = start;
  const xml = await drawableDiagram(context, start);
  if (xml === undefined || processInstanceKey === null) return undefined;
  const history = await engine.listElementInstances(processInstanceKey);
  const state = stateOf(history);
  // Reused only long before an unused picture would be deleted.
  const known = await findPicture(db, { startId, state, freshMs: timings.pictures.graceMs / 2 });
  const seen = known && (await lookAt(client, known.fileId));
  if (known && seen !== 'gone') return showable(context, startId, known, seen === 'scanned');
  const png = await drawPicture(xml, history);
  if (!png) return undefined;
  const fileId = await uploadPicture(context, { png, filename: `process-${startId}.png`, title: processName });
  // Stored before anything else can fail: a file that is not recorded is never deleted.
  await addPicture(db, { fileId, teamId: identity.teamId, startId, state });
  return showable(context, startId, { fileId, ageMs: 0 }, (await lookAt(client, fileId)) === 'scanned');
}

async function showable(
  { db, timings }: Pick<SlackContext, 'db' | 'timings'>,
  startId: string,
  { fileId, ageMs }: KnownPicture,
  isScanned: boolean,
): Promise<Picture | undefined> {
  if (isScanned) await setPictureCurrent(db, startId, fileId);
  return readyInMs(timings.pictures, fileId, ageMs, isScanned);
}

/** When to check a picture of this age again; undefined if Slack does not process it any more. */
export function readyInMs(
  { shortestPauseMs, longestPauseMs, mostScanMs }: Timings['pictures'],
  fileId: string,
  ageMs: number,
  isScanned: boolean,
): Picture | undefined {
  if (!isScanned && ageMs > mostScanMs) return undefined;
  return { fileId, readyInMs: isScanned ? 0 : Math.min(Math.max(ageMs, shortestPauseMs), longestPauseMs) };
}

/** The diagram of a start's process, if it can be drawn: a file written by hand has no layout. */
export async function drawableDiagram(
  { engine }: Pick<SlackContext, 'engine'>,
  { processInstanceKey }: Pictured,
): Promise<string | undefined> {
  const xml = processInstanceKey === null ? undefined : await engine.getDiagram(processInstanceKey);
  return xml !== undefined && hasLayout(xml) ? xml : undefined;
}

/** Whether a file says where its elements are drawn. */
export const hasLayout = (xml: string): boolean => xml.includes('BPMNShape');

/** Identifies the visible state of a process: two states that look different get different results. */
export function stateOf(history: readonly ElementInstance[]): string {
  const visits = history.map(({ key, status, leftAt }) => [key, status, leftAt?.getTime()]);
  return createHash('sha256').update(JSON.stringify(visits)).digest('base64url').slice(0, 22);
}

/** Reads a file's processing state: Slack sets its type when done. Somebody may have deleted it. */
export async function lookAt(
  client: SlackContext['client'],
  fileId: string,
): Promise<'gone' | 'unscanned' | 'scanned'> {
  try {
    const { file } = await client.files.info({ file: fileId });
    return file?.mimetype ? 'scanned' : 'unscanned';
  } catch (error) {
    if (['file_not_found', 'file_deleted'].includes(platformError(error) ?? '')) return 'gone';
    throw error;
  }
}
