import { decisionIdsOf } from '../decisions/link-decisions.ts';
import { type ReadFile, readFile } from './read-file.ts';

/** By file: what was read of it last, so that a file that has not changed is not read again among thousands. */
export type Readings = Map<string, { xml: string; read: ReadFile }>;

/** Reads a diagram. Throws DiagramError. */
export async function readDiagramOnce(readings: Readings, file: string, xml: string): Promise<ReadFile> {
  const known = readings.get(file);
  if (known?.xml === xml) return known.read;
  const read = await readFile(xml);
  // The decisions that a model makes are linked into it: with others, it is another version.
  if (read.models.every((model) => decisionIdsOf(model).length === 0)) readings.set(file, { xml, read });
  return read;
}
