import type { Db } from '../../db/client.ts';
import type { Logger } from '../../logger.ts';
import {
  type CurrentDefinition,
  createDefinitionCache,
  type DefinitionCache,
  deploy,
  isNewestVersion,
} from './instances/definitions.ts';
import { reachingDatabase } from './instances/unavailable.ts';
import { describeProblem } from './reading/describe-problem.ts';
import { stampOf, startFolderWatch } from './reading/folder-watch.ts';
import { type FoundInFile, type LoadedProcess, type LoadProblem, loadProcesses } from './reading/load-processes.ts';

export interface ProcessFilesOptions {
  db: Db;
  directory: string;
  /** As {@link LoadOptions.jobTypes}. */
  jobTypes: readonly string[] | undefined;
  /** Names of the secrets that are set; absent: it is not known which are. */
  secrets: ReadonlySet<string> | undefined;
  logger: Logger;
  now(): Date;
  /** How often to look for changes, in milliseconds. */
  intervalMs: number;
}

/** The processes below a directory, as this replica has read them last. */
export interface ProcessFiles {
  /** By process id. */
  current(): ReadonlyMap<string, CurrentDefinition>;
  cache: DefinitionCache;
  /** Takes changes of the files into effect from now on, and calls `changed` after each. */
  watch(changed: () => void): { stop(): Promise<void> };
}

interface InEffect {
  loaded: LoadedProcess;
  definition: CurrentDefinition;
}

/** Reads the files and makes what is new in them the newest versions. */
export async function openProcessFiles(options: ProcessFilesOptions): Promise<ProcessFiles> {
  const { db, directory, jobTypes, secrets, logger, now, intervalMs } = options;
  const fixed = { jobTypes, ...(secrets && { secrets }) };
  const stamp = await stampOf(directory);
  const first = await loadProcesses(directory, {
    ...fixed,
    isInPlace: (found) => reachingDatabase(() => isNewestVersion(db, found)),
  });
  tell(logger, first, new Set());
  const deployed = await reachingDatabase(() => deploy(db, first.processes, now()));
  let inEffect = new Map<string, InEffect>();
  deployed.forEach((definition, index) => {
    const loaded = first.processes[index];
    if (loaded) inEffect.set(definition.model.id, { loaded, definition });
  });
  let current = definitionsOf(inEffect);
  let known = new Set(describeAll(first));
  let { files } = first;
  const cache = createDefinitionCache(db, deployed);
  logger.info({ processes: deployed.length, problems: first.problems.length }, 'processes loaded');

  const isInPlace = async ({ kind, id, file }: FoundInFile) =>
    (kind === 'process' ? inEffect.get(id)?.loaded.file : files.get(`${kind} ${id}`)) === file;

  const load = async (isLast: boolean, changed: () => void): Promise<boolean> => {
    const found = await loadProcesses(directory, { ...fixed, isInPlace });
    const isInOrder = found.problems.every((problem) => known.has(describeProblem(problem)));
    if (!isInOrder && !isLast) return false;
    const next = new Map(found.processes.map((loaded) => [loaded.model.id, loaded]));
    // A process whose file is broken by now stays as it was: those who work with it do so while it is mended.
    const broken = new Set(found.problems.map(({ file }) => file));
    for (const [id, { loaded }] of inEffect) if (!next.has(id) && broken.has(loaded.file)) next.set(id, loaded);
    const isNew = ({ model, contentHash }: LoadedProcess) => inEffect.get(model.id)?.loaded.contentHash !== contentHash;
    const fresh = [...next.values()].filter(isNew);
    const removed = [...inEffect.keys()].filter((id) => !next.has(id));
    // What has not changed here is left alone: another replica may have a newer version of it.
    const versions = await reachingDatabase(() => deploy(db, fresh, now(), { removed }));
    const byId = new Map(versions.map((definition) => [definition.model.id, definition]));
    for (const definition of versions) cache.add(definition);
    inEffect = new Map(
      [...next].flatMap(([id, loaded]): [string, InEffect][] => {
        const definition = byId.get(id) ?? inEffect.get(id)?.definition;
        return definition ? [[id, { loaded, definition }]] : [];
      }),
    );
    current = definitionsOf(inEffect);
    files = found.files;
    tell(logger, found, known);
    known = new Set(describeAll(found));
    if (fresh.length === 0 && removed.length === 0) return true;
    logger.info({ changed: fresh.map(({ model }) => model.id), removed }, 'processes changed');
    changed();
    return true;
  };
  return {
    current: () => current,
    cache,
    watch: (changed) =>
      startFolderWatch({ directory, stamp, intervalMs, load: (isLast) => load(isLast, changed) }, logger),
  };
}

const definitionsOf = (inEffect: ReadonlyMap<string, InEffect>) =>
  new Map([...inEffect].map(([id, { definition }]) => [id, definition]));

interface Found {
  problems: readonly LoadProblem[];
  warnings: readonly LoadProblem[];
}

const describeAll = ({ problems, warnings }: Found) => [...problems, ...warnings].map(describeProblem);

/** Logs what is not known yet. */
function tell(logger: Logger, { problems, warnings }: Found, known: ReadonlySet<string>): void {
  const isNew = (problem: LoadProblem) => !known.has(describeProblem(problem));
  for (const problem of problems.filter(isNew)) {
    logger.error({ ...problem }, `not loaded: ${describeProblem(problem)}`);
  }
  for (const warning of warnings.filter(isNew)) logger.warn({ ...warning }, describeProblem(warning));
}
