import { decisionIdsOf } from '../decisions/link-decisions.ts';
import { type ReadFile, readFile } from './read-file.ts';

/** Cached results by file, so that unchanged files are not parsed again. */
export type Readings = Map<string, { xml: string; read: ReadFile }>;

/** Reads a diagram, or returns the cached result if it has not changed. Throws DiagramError. */
export async function readDiagramOnce(readings: Readings, file: string, xml: string): Promise<ReadFile> {
  const known = readings.get(file);
  if (known?.xml === xml) return known.read;
  const read = await readFile(xml);
  // Not cached with decisions: they are linked into the model, so other decisions make another version.
  if (read.models.every((model) => decisionIdsOf(model).length === 0)) readings.set(file, { xml, read });
  return read;
}
