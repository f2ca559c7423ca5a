import { drawPicture } from '../diagrams/draw-picture.ts';
import type { Start } from '../starts/queries.ts';
import type { SlackContext } from './slack-context.ts';
import { uploadPicture } from './upload-picture.ts';

/**
 * The file id of a picture of a start's process as it stands now, uploaded and shared nowhere. Undefined: it never ran, or
 * its diagram has no layout to draw. Throws UnavailableError.
 */
export async function processPicture(
  { engine, client }: Pick<SlackContext, 'engine' | 'client'>,
  { id, processName, processInstanceKey }: Pick<Start, 'id' | 'processName' | 'processInstanceKey'>,
): Promise<string | undefined> {
  if (processInstanceKey === null) return undefined;
  const [xml, history] = await Promise.all([
    engine.getDiagram(processInstanceKey),
    engine.listElementInstances(processInstanceKey),
  ]);
  const png = xml === undefined ? undefined : await drawPicture(xml, history);
  if (!png) return undefined;
  return uploadPicture({ client }, { png, filename: `process-${id}.png`, title: processName });
}
