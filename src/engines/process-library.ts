import type { ProcessDefinition } from '../processes/process-definition.ts';

/** The way to fix a fault of a file, if it is the same for every element. */
export type Mend =
  /** The file cannot be read at all. */
  | 'file'
  /** Use another kind of element. */
  | 'element'
  | 'expression'
  /** The linked form is missing or was refused. */
  | 'form'
  | 'decision'
  | 'jobType'
  | 'executable'
  /** Slack does not know a person or group that it names. */
  | 'people'
  /** The id is taken by another file. */
  | 'taken';

/** The reason why a file or a process in it is not loaded, or a warning about a probable mistake. */
export interface FileFault {
  /** The path below PROCESSES_DIR, or the label of an uploaded file. */
  file: string;
  line?: number | undefined;
  elementId?: string;
  elementName?: string;
  reason: string;
  mend?: Mend;
}

/** The people that a user task names: Slack ids, e-mail addresses, handles of groups. */
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
  /** Whether it is the version that is started, or has the same content. */
  isCurrent: boolean;
}

/** The outcome of adding files. If there are faults, none of the files is added. */
export interface Addition {
  faults: FileFault[];
  warnings: FileFault[];
  /** The processes in the files, after the change. */
  processes: ProcessDefinition[];
}

/** The process files of an engine that reads files: their faults and their versions. */
export interface ProcessLibrary {
  /** The engine's name for people. */
  label: string;
  /** Processes that only messages, signals or timers start. They are not among those that can be started by hand. */
  listStartedByEvents(): ProcessDefinition[];
  /** Faults of the files that are not loaded, as this replica read them last. */
  listFaults(): FileFault[];
  /** The people that the loaded processes name, except those computed by expressions. */
  listNamedPeople(): NamedPeople[];
  has(processDefinitionId: string): boolean;
  /** Checks the files and puts them into effect on all replicas, or none of them if there is a fault. */
  add(files: readonly FileToAdd[], by: string): Promise<Addition>;
  /** Newest first, at most `limit`. */
  listVersions(processDefinitionId: string, limit: number): Promise<ProcessVersion[]>;
  /**
   * Makes a new version with the content of an earlier one. It runs until the files of the process change. Throws {@link
   * EngineRefusedError} if there is no such version, or the engine cannot run it any more.
   */
  restore(processDefinitionId: string, version: number, by: string): Promise<void>;
  /**
   * Moves an instance with an incident to the newest version of its process; the incident stays until it is resolved. Throws
   * {@link EngineRefusedError} if there is no incident, or the instance does not fit the version.
   */
  moveToNewest(processInstanceKey: string): Promise<void>;
}
