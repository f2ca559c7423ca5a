import type { ProcessDefinition } from '../processes/process-definition.ts';

/** How a fault of a file is mended, where that can be said whatever the element. */
export type Mend =
  /** It cannot be read at all. */
  | 'file'
  /** Another kind of element does it. */
  | 'element'
  | 'expression'
  /** The form that is linked is not there, or is refused. */
  | 'form'
  | 'decision'
  | 'jobType'
  | 'executable'
  /** Slack does not know whom it names. */
  | 'people'
  /** Another file has the id. */
  | 'taken';

/** Why a file, or a process in it, is not loaded, or what its author may not mean. */
export interface FileFault {
  /** The path below PROCESSES_DIR, or how an uploaded file is called. */
  file: string;
  line?: number | undefined;
  elementId?: string;
  elementName?: string;
  reason: string;
  mend?: Mend;
}

/** Whom a user task names: Slack ids, e-mail addresses, handles of groups. */
export interface NamedPeople extends Pick<FileFault, 'file' | 'line' | 'elementId' | 'elementName'> {
  names: string[];
}

export interface FileToAdd {
  /** Ends in `.bpmn`, `.form` or `.dmn`. */
  name: string;
  text: string;
}

export interface ProcessVersion {
  version: number;
  createdAt: Date;
  /** It is the one that is started, or one with the same content. */
  isCurrent: boolean;
}

/** The outcome of adding files: with faults, nothing of them is kept. */
export interface Addition {
  faults: FileFault[];
  warnings: FileFault[];
  /** The processes in the files, as they are now. */
  processes: ProcessDefinition[];
}

/** The processes of an engine that reads files: what is wrong with those, and their versions. */
export interface ProcessLibrary {
  /** How people call the engine. */
  label: string;
  /** Processes that only messages, signals or timers start: they are not among those that can be started by hand. */
  listStartedByEvents(): ProcessDefinition[];
  /** What is wrong with files that are not loaded, as this replica has read them last. */
  listFaults(): FileFault[];
  /** Of the processes that are in place, as far as their files say whom. */
  listNamedPeople(): NamedPeople[];
  /** Whether it has the process. */
  has(processDefinitionId: string): boolean;
  /** Checks the files and takes them into effect on all replicas, or none of them if there is a fault. */
  add(files: readonly FileToAdd[], by: string): Promise<Addition>;
  /** Newest first, at most `limit`. */
  listVersions(processDefinitionId: string, limit: number): Promise<ProcessVersion[]>;
  /**
   * Makes a new version with the content of an earlier one, which runs until the process's files say something new.
   * Throws {@link EngineRefusedError} if there is no such version, or it cannot be run any more.
   */
  restore(processDefinitionId: string, version: number, by: string): Promise<void>;
  /**
   * Moves an instance that hangs to the newest version of its process; it still hangs there until it is resolved. Throws
   * {@link EngineRefusedError} if it does not hang, or the version has no place for it.
   */
  moveToNewest(processInstanceKey: string): Promise<void>;
}
