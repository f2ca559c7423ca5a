import type { Db } from '../../../db/client.ts';
import { reasonOf } from '../../../errors.ts';
import { message } from '../../../words/message.ts';
import { EngineRefusedError } from '../../engine.ts';
import type { FileFault, FileToAdd, ProcessLibrary } from '../../process-library.ts';
import type { CurrentDefinition } from '../instances/definitions.ts';
import { reachingDatabase } from '../instances/unavailable.ts';
import type { UploadedFile } from '../reading/file-sources.ts';
import type { LoadedFolder, LoadedProcess } from '../reading/load-processes.ts';
import { findVersion, forgetRestored, keepRestored, listStored, storedProcess } from './restored-versions.ts';
import { keepUploads } from './uploads.ts';

export interface InEffect {
  loaded: LoadedProcess;
  definition: CurrentDefinition;
  /** Content hash of the files; that of `loaded`, unless an earlier version was restored. */
  declaredHash: string;
}

export interface LibraryOptions {
  db: Db;
  /** Loads everything as if these files were included. */
  check(candidates: readonly UploadedFile[]): Promise<LoadedFolder>;
  /** Puts changes in the database into effect. */
  takeEffect(): Promise<void>;
  /** Processes in effect, by process id. */
  inEffect(): ReadonlyMap<string, InEffect>;
  faults(): readonly FileFault[];
}

/** The library without the methods about instances. */
export type DefinitionLibrary = Omit<ProcessLibrary, 'moveToNewest'>;

/** The library of the embedded engine: the files below the folder, uploaded ones, and restored versions. */
export function createLibrary({ db, check, takeEffect, inEffect, faults }: LibraryOptions): DefinitionLibrary {
  return {
    label: 'Kickoff',
    listStartedByEvents: () =>
      [...inEffect().values()].flatMap(({ definition: { model, definition } }) =>
        model.startElementId === undefined ? definition : [],
      ),
    listFaults: () => [...faults()],
    listNamedPeople: () => [...inEffect().values()].flatMap(({ loaded }) => loaded.people),
    has: (id) => inEffect().has(id),
    async add(files, by) {
      const candidates = asCandidates(files);
      const { processes, problems, warnings, contents } = await check(candidates);
      const labels = new Set(candidates.map(({ label }) => label));
      const areTheirs = <T extends { file: string }>(all: readonly T[]) => all.filter(({ file }) => labels.has(file));
      const found = { faults: [...areTheirs(problems), ...strangers(files)], warnings: areTheirs(warnings) };
      if (found.faults.length > 0) return { ...found, processes: [] };
      const ids = areTheirs(processes).map(({ model }) => model.id);
      await reachingDatabase(() =>
        db.transaction(async (tx) => {
          await keepUploads(
            tx,
            candidates.map(({ name, text, label }) => ({
              name,
              text,
              contents: contents.get(label) ?? [],
              uploadedBy: by,
            })),
          );
          await forgetRestored(tx, ids);
        }),
      );
      await takeEffect();
      return { ...found, processes: ids.flatMap((id) => inEffect().get(id)?.definition.definition ?? []) };
    },
    async listVersions(processId, limit) {
      const hash = inEffect().get(processId)?.loaded.contentHash;
      const rows = await reachingDatabase(() => listStored(db, processId, limit));
      return rows.map(({ version, createdAt, contentHash }) => ({
        version,
        createdAt,
        isCurrent: contentHash === hash,
      }));
    },
    async restore(processId, version, by) {
      const now = inEffect().get(processId);
      const row = await reachingDatabase(() => findVersion(db, processId, version));
      if (!now || !row) throw new EngineRefusedError(message('library.noSuchVersion', { version }));
      await storedProcess(now.loaded, row).catch((cause) => {
        throw new EngineRefusedError(message('library.cannotRestore', { version, reason: reasonOf(cause) }), { cause });
      });
      await reachingDatabase(() =>
        row.contentHash === now.declaredHash
          ? forgetRestored(db, [processId])
          : keepRestored(db, { processId, insteadOf: now.declaredHash, definitionKey: row.key, restoredBy: by }),
      );
      await takeEffect();
    },
  };
}

/** Gives all files one id, above all stored ids, and unique labels. */
function asCandidates(files: readonly FileToAdd[]): UploadedFile[] {
  const seen = new Map<string, number>();
  return files.map(({ name, text }) => {
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    return { id: Number.MAX_SAFE_INTEGER, name, label: `${name} (new${nth === 1 ? '' : ` ${nth}`})`, text };
  });
}

function strangers(files: readonly FileToAdd[]): FileFault[] {
  return files
    .filter(({ name }) => !/\.(bpmn|form|dmn)$/.test(name))
    .map(({ name }) => ({ file: name, reason: 'it is neither a .bpmn nor a .form nor a .dmn file', mend: 'file' }));
}
