import pLimit from 'p-limit';
import type { Database, Db } from '../../db/client.ts';
import type { Logger } from '../../logger.ts';
import {
  type CurrentDefinition,
  createDefinitionCache,
  type DefinitionCache,
  deploy,
  isNewestVersion,
} from './instances/definitions.ts';
import { reachingDatabase } from './instances/unavailable.ts';
import { createKeptReadings } from './library/kept-readings.ts';
import { createLibrary, type DefinitionLibrary, type InEffect } from './library/library.ts';
import { listRestored, withRestored } from './library/restored-versions.ts';
import { readRevision } from './library/revision.ts';
import { listUploads } from './library/uploads.ts';
import { describeProblem } from './reading/describe-problem.ts';
import type { UploadedFile } from './reading/file-sources.ts';
import { startFolderWatch } from './reading/folder-watch.ts';
import { type LoadedFolder, type LoadedProcess, type LoadProblem, loadProcesses } from './reading/load-processes.ts';
import type { FoundInFile } from './reading/one-of-each.ts';
import { createReadings } from './reading/readings.ts';

export interface ProcessFilesOptions {
  database: Database;
  directory: string;
  /** See {@link LoadOptions.jobTypes}. */
  jobTypes: readonly string[] | undefined;
  /** Names of the configured secrets; undefined if they are not known. */
  secrets: ReadonlySet<string> | undefined;
  logger: Logger;
  now(): Date;
  /** How often to look for changes, in milliseconds. */
  intervalMs: number;
}

/** The processes below a directory and the uploaded ones, as this replica read them last. */
export interface ProcessFiles {
  /** Current definitions by process id. */
  current(): ReadonlyMap<string, CurrentDefinition>;
  cache: DefinitionCache;
  /** The BPMN XML of the process's current definition. */
  diagramOf(processId: string): string | undefined;
  library: DefinitionLibrary;
  /** Puts file changes into effect from now on, and calls `changed` after each. */
  watch(changed: () => void): Promise<{ stop(): Promise<void> }>;
}

type Read = LoadedFolder & {
  declaredHashes: ReadonlyMap<string, string>;
  /** See {@link Deployment.holds}. */
  holds(tx: Db): Promise<boolean>;
};

/** Reads the files and stores new content as the newest versions. */
export async function openProcessFiles(options: ProcessFilesOptions): Promise<ProcessFiles> {
  const { database, directory, jobTypes, secrets, logger, now, intervalMs } = options;
  const { db } = database;
  const fixed = { jobTypes, ...(secrets && { secrets }) };
  // Loads run one after another, since each is compared with the current definitions.
  const oneByOne = pLimit(1);

  const readings = createReadings(createKeptReadings(db));
  const read = async (
    isInPlace: (found: FoundInFile) => Promise<boolean>,
    candidates: readonly UploadedFile[] = [],
  ): Promise<Read> => {
    const revision = await reachingDatabase(() => readRevision(db));
    const kept = await reachingDatabase(() => listUploads(db));
    const restored = await reachingDatabase(() => listRestored(db));
    const uploaded = [...kept, ...candidates];
    const found = await loadProcesses(directory, { ...fixed, uploaded, isInPlace, readings });
    const declaredHashes = new Map(found.processes.map(({ model, contentHash }) => [model.id, contentHash]));
    const { processes, problems } = await withRestored(db, found.processes, restored);
    const all = { ...found, processes, problems: [...found.problems, ...problems] };
    return { ...all, declaredHashes, holds: async (tx) => (await readRevision(tx)) === revision };
  };

  const readFirst = async (): Promise<{ first: Read; deployed: CurrentDefinition[] }> => {
    const all = await read((found) => reachingDatabase(() => isNewestVersion(db, found)));
    const made = await reachingDatabase(() => deploy(db, all, now()));
    return made ? { first: all, deployed: made } : readFirst();
  };
  const keepReadings = ({ keepReadings: keep }: Read) =>
    keep().catch((err) => logger.warn({ err }, 'what was read from process files could not be kept'));
  const { first, deployed } = await readFirst();
  await keepReadings(first);
  tell(logger, first, new Set());
  let inEffect = new Map<string, InEffect>();
  deployed.forEach((definition, index) => {
    const loaded = first.processes[index];
    const { id } = definition.model;
    const declaredHash = first.declaredHashes.get(id);
    if (loaded && declaredHash !== undefined) inEffect.set(id, { loaded, definition, declaredHash });
  });
  let current = definitionsOf(inEffect);
  let known = new Set(describeAll(first));
  let { origins, problems } = first;
  let tellChanged = () => {};
  const cache = createDefinitionCache(db, deployed);
  logger.info(
    { processes: deployed.length, problems: first.problems.length, parsed: first.parsed },
    'processes loaded',
  );

  const isInPlace = async ({ kind, id, origin }: FoundInFile) =>
    (kind === 'process' ? inEffect.get(id)?.loaded.origin : origins.get(`${kind} ${id}`)) === origin;

  const load = async (isLast: boolean): Promise<boolean> => {
    const found = await read(isInPlace);
    const isInOrder = found.problems.every((problem) => known.has(describeProblem(problem)));
    if (!isInOrder && !isLast) return false;
    const next = new Map(found.processes.map((loaded) => [loaded.model.id, loaded]));
    // A process whose file is broken stays as it was, so that people can work with it until the file is fixed.
    const broken = new Set(found.problems.map(({ file }) => file));
    for (const [id, { loaded }] of inEffect) if (!next.has(id) && broken.has(loaded.file)) next.set(id, loaded);
    const isNew = ({ model, contentHash }: LoadedProcess) => inEffect.get(model.id)?.loaded.contentHash !== contentHash;
    const fresh = [...next.values()].filter(isNew);
    const removed = [...inEffect.keys()].filter((id) => !next.has(id));
    // Unchanged processes are left alone: another replica may have a newer version.
    const { holds } = found;
    const versions = await reachingDatabase(() => deploy(db, { processes: fresh, removed, holds }, now()));
    if (!versions) return load(isLast);
    const byId = new Map(versions.map((definition) => [definition.model.id, definition]));
    for (const definition of versions) cache.add(definition);
    const before = inEffect;
    inEffect = new Map(
      [...next].flatMap(([id, loaded]): [string, InEffect][] => {
        const definition = byId.get(id) ?? before.get(id)?.definition;
        const declaredHash = found.declaredHashes.get(id) ?? before.get(id)?.declaredHash;
        return definition && declaredHash !== undefined ? [[id, { loaded, definition, declaredHash }]] : [];
      }),
    );
    current = definitionsOf(inEffect);
    ({ origins, problems } = found);
    tell(logger, found, known);
    known = new Set(describeAll(found));
    if (fresh.length > 0 || removed.length > 0) {
      const { parsed } = found;
      logger.info({ changed: fresh.map(({ model }) => model.id), removed, parsed }, 'processes changed');
      tellChanged();
    }
    await keepReadings(found);
    return true;
  };
  const loadNow = () => oneByOne(() => load(true));
  let isStopped = false;
  const changedElsewhere = () => {
    if (isStopped) return;
    loadNow().catch((err) => logger.warn({ err }, 'processes could not be reloaded'));
  };
  const changedHere = async () => {
    await loadNow();
    database.signalOthers('processes_changed', changedElsewhere);
  };

  const library = createLibrary({
    db,
    check: (candidates) => read(isInPlace, candidates),
    takeEffect: changedHere,
    inEffect: () => inEffect,
    faults: () => problems,
  });
  return {
    current: () => current,
    cache,
    diagramOf: (id) => inEffect.get(id)?.loaded.xml,
    library,
    async watch(changed) {
      tellChanged = changed;
      await database.listen('processes_changed', changedElsewhere);
      const look = (isLast: boolean) => oneByOne(() => load(isLast));
      const folder = startFolderWatch({ directory, stamp: first.stamp, intervalMs, load: look }, logger);
      return {
        async stop() {
          isStopped = true;
          await folder.stop();
          await oneByOne(async () => {});
        },
      };
    },
  };
}

const definitionsOf = (inEffect: ReadonlyMap<string, InEffect>) =>
  new Map([...inEffect].map(([id, { definition }]) => [id, definition]));

interface Found {
  problems: readonly LoadProblem[];
  warnings: readonly LoadProblem[];
}

const describeAll = ({ problems, warnings }: Found) => [...problems, ...warnings].map(describeProblem);

/** Logs problems and warnings that were not logged before. */
function tell(logger: Logger, { problems, warnings }: Found, known: ReadonlySet<string>): void {
  const isNew = (problem: LoadProblem) => !known.has(describeProblem(problem));
  for (const problem of problems.filter(isNew)) {
    logger.error({ ...problem }, `not loaded: ${describeProblem(problem)}`);
  }
  for (const warning of warnings.filter(isNew)) logger.warn({ ...warning }, describeProblem(warning));
}
