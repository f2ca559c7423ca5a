import { UnavailableError, UserFacingError } from '../errors.ts';
import type { Form } from '../processes/form.ts';
import type { ProcessDefinition } from '../processes/process-definition.ts';
import type { Json, Variables } from '../processes/value-types.ts';
import { type Message, message } from '../words/message.ts';

export interface StartProcessInstance {
  /** The start's id (a UUID). The same id again returns the instance it already has, whatever else is in the request. */
  startId: string;
  processDefinitionId: string;
  variables: Variables;
  /**
   * The instance, and what it calls, takes messages with a {@link PublishMessage.saidAt} only if that is later than this.
   * None: it takes messages whenever they were said.
   */
  hearsAfter?: number;
}

export type ProcessInstanceStatus = 'active' | 'completed' | 'terminated' | 'incident';

export interface ProcessInstance {
  key: string;
  startId: string | undefined;
  processDefinitionId: string;
  /** `terminated`: cancelled, or ended by an error where the engine does that; `incident` waits for somebody to mend it. */
  status: ProcessInstanceStatus;
  /** Why it is `incident` or `terminated`, naming the element. */
  reason: string | undefined;
  variables: Variables;
  /** The correlation key of the message that started an active instance, if it has one. */
  correlationKey: string | undefined;
  /** Joins at which it, or an instance it called, waits for further flows; empty if the engine does not report them. */
  waitingJoins: WaitingJoin[];
}

/** A parallel gateway that some of its flows have reached. */
export interface WaitingJoin {
  /** The name in the diagram, else the id. */
  name: string;
  /** Number of flows it still waits for. */
  missing: number;
  /** Number of incoming flows. */
  of: number;
}

export interface UserTask {
  key: string;
  /** The instance that was started; of a task in a process that a call activity called, the outermost caller. */
  processInstanceKey: string;
  processDefinitionId: string;
  processName: string;
  elementId: string;
  name: string;
  status: 'open' | 'completed' | 'cancelled';
  /** Slack user id or e-mail address, as the process says, or who was assigned since. */
  assignee: string | undefined;
  candidateUsers: string[];
  /** User-group ids or handles. */
  candidateGroups: string[];
  form: Form | undefined;
  /** The variables visible from the task, for its form. */
  variables: Variables;
  /** Slack user id of who completed it. */
  completedBy: string | undefined;
  createdAt: Date;
  /** `zeebe:taskSchedule`: when it should be done, and when to come back to it. */
  dueDate: Date | undefined;
  followUpDate: Date | undefined;
}

export interface AssignUserTask {
  taskKey: string;
  /** Slack user id. */
  assignee: string;
  /** True: whoever has it now loses it. False: nobody but the assignee may have it already. */
  allowOverride: boolean;
}

export interface CompleteUserTask {
  taskKey: string;
  variables: Variables;
  /** Slack user id of who completes it. */
  completedBy: string;
}

/** A reason that stopped an instance at one of its elements; its other branches go on. */
export interface Incident {
  key: string;
  processInstanceKey: string;
  elementId: string;
  /** Camunda's name for the kind of error, such as `JOB_NO_RETRIES` or `CONDITION_ERROR`. */
  type: string;
  /** Names the element. */
  reason: string;
}

/** One visit of an instance to an element of its process, or to the process itself. */
export interface ElementInstance {
  /** Also the key of the element's scope of variables, as long as the instance is there. That of the process is the instance's. */
  key: string;
  elementId: string;
  /** The name in the diagram, else the id. */
  name: string;
  /** The element instance that it is in; undefined for the process. */
  parentKey: string | undefined;
  /** `incident`: it has stopped there; see {@link reason}. */
  status: 'active' | 'completed' | 'terminated' | 'incident';
  enteredAt: Date;
  leftAt: Date | undefined;
  /** The reason of its latest incident, resolved or not. */
  reason: string | undefined;
  /** For a business rule task: the decisions made, required ones first. */
  decisions?: EvaluatedDecision[];
}

/** A decision (DMN) as it was made. */
export interface EvaluatedDecision {
  id: string;
  name: string;
  /** For a table: its input columns. */
  inputs: { label: string; value: Json }[];
  /** The rules of a table that fit; `index` counts from 1. */
  matchedRules: { id: string; index: number; outputs: Json[] }[];
  result: Json;
}

export interface SetVariables {
  /** Key of a process instance, or of an active element instance. */
  scopeKey: string;
  variables: Variables;
  /**
   * True: all of them are set in this scope. False: each is set in the nearest scope, from this one outwards, that has it;
   * else in the process.
   */
  local: boolean;
}

export interface PublishMessage {
  /** 1 to 256 characters. */
  name: string;
  /** At most 256 characters. None: it only starts processes, and any number of instances of one. */
  correlationKey?: string;
  variables: Variables;
  /** How long it is kept for receivers that do not wait yet; 0: only for those that wait now. */
  timeToLiveMs: number;
  /** Two of one name and correlation key with the same id are one, as long as the first is kept. */
  messageId?: string;
  /**
   * When it was said, in microseconds since 1970. Messages that are kept are taken in this order; those without it in the
   * order in which they were published. An instance that it starts takes later messages only.
   */
  saidAt?: number;
  /**
   * False: it starts no process, and only instances that wait, or will, take it. An engine elsewhere that cannot tell the
   * two apart starts processes all the same.
   */
  startsProcesses?: boolean;
}

export interface BroadcastSignal {
  name: string;
  variables: Variables;
}

/** The processes that may wait for a message with a given name. */
export interface MessageReceivers {
  /** Processes that wait for it in any version that may still run, or call others that do. */
  processDefinitionIds: string[];
  /** Whether it may be waited for by instances that Kickoff has not started, or starts such instances. */
  withoutStart: boolean;
}

/** The engine cannot be reached or does not answer: try again later. */
export class EngineUnavailableError extends UnavailableError {
  override readonly name = 'EngineUnavailableError';
}

/** The engine will not do this, however often it is asked: unknown process, missing variable, its own limit. */
export class EngineRefusedError extends UserFacingError {
  override readonly name = 'EngineRefusedError';
  /** A string is what the engine said itself, in whatever language it speaks. */
  constructor(said: Message | string, options?: ErrorOptions) {
    super(typeof said === 'string' ? message('asIs', { text: said }) : said, options);
  }
}

/** A listener of the user task, which the process asks first, denies what somebody wants of it. */
export class UserTaskDeniedError extends EngineRefusedError {
  /** @param reason as the listener says it; it may be empty */
  constructor(reason: string) {
    super(reason ? message('task.deniedBecause', { reason }) : message('task.denied'));
  }
}

/** The user task is no longer open. */
export class UserTaskClosedError extends Error {
  override readonly name = 'UserTaskClosedError';
  readonly task: UserTask | undefined;
  constructor(task: UserTask | undefined) {
    super(task?.completedBy ? `already completed by ${task.completedBy}` : 'the task is no longer open');
    this.task = task;
  }
}

/** Somebody else has the user task already. */
export class UserTaskAssignedError extends Error {
  override readonly name = 'UserTaskAssignedError';
  readonly task: UserTask;
  constructor(task: UserTask) {
    super(`already assigned to ${task.assignee}`);
    this.task = task;
  }
}

/** A job that a service task made, as its handler sees it. */
export interface Job {
  /** The same on every attempt: an idempotency key for external systems. */
  key: string;
  type: string;
  /** The instance that was started: see {@link UserTask}. */
  processInstanceKey: string;
  elementId: string;
  /** The task's input mappings over the variables of its scope. */
  variables: Variables;
  /** `zeebe:taskHeaders`. */
  headers: Record<string, string>;
  /** 1 on the first attempt. */
  attempt: number;
  /** Number of attempts that may still fail, including this one, if the engine counts them. */
  retries?: number;
  /**
   * The secrets that the diagram's own inputs ask for. Their placeholders are `{{secrets.NAME` + `mark` + `}}`; one
   * without the mark is somebody's text.
   */
  secrets?: { mark: string; names: readonly string[] };
}

/** Thrown by a job handler: a business error, for an error boundary event with `code` to catch. */
export class BpmnError extends Error {
  override readonly name = 'BpmnError';
  readonly code: string;
  readonly variables: Variables;
  constructor(code: string, message: string, variables: Variables = {}) {
    super(message);
    this.code = code;
    this.variables = variables;
  }
}

/** Thrown by a job handler: the job failed in a way that another attempt cannot mend, so none is made. */
export class PermanentJobError extends Error {
  override readonly name = 'PermanentJobError';
}

/** Thrown by a job handler: the job failed, and its process says how it goes on. */
export class JobError extends Error {
  override readonly name = 'JobError';
  /** Number of attempts that may still fail; 0 makes an incident. */
  readonly retries: number;
  /** Delay before the next attempt: an ISO 8601 duration. */
  readonly timeout: string;
  constructor(message: string, retries: number, timeout: string) {
    super(message);
    this.retries = retries;
    this.timeout = timeout;
  }
}

/**
 * Does a job's work and returns the job's variables. An UnavailableError costs nothing: the job waits until what it needs is
 * back. Any error but that and the three above costs one of the job's retries.
 */
export interface JobHandler {
  (job: Job, signal: AbortSignal): Promise<{ [name: string]: Json }>;
  /** Time limit of this job in milliseconds, if the engine does not set it. */
  timeoutMs?(job: Job): number | undefined;
}

/**
 * Limits that an engine may have. Each adapter declares its own; docs/engines.md has a table of them, and the contract
 * suite leaves out what an engine declares, and nothing else.
 */
export const engineLimits = [
  /** Runs the same files as Camunda 8. */
  'camunda8-files',
  /** An expression that fails stops the instance with an incident that can be resolved. */
  'expression-incidents',
  /** A BPMN error that nothing catches is an incident. */
  'uncaught-errors',
  /** A message is correlated by an expression of the process's own, not by the session alone. */
  'message-keys',
  /** Messages, signals and dates start processes by themselves, and Kickoff sees the instances. */
  'message-starts',
  /** If several instances wait for a message, only those that waited before it was sent receive it. */
  'message-times',
  /** A process whose file is removed is no longer offered. */
  'removed-files',
  /** Lists and objects are kept as such, not as text. */
  'structured-variables',
  /** An instance can be cancelled. */
  'cancelling',
  /** User tasks are listed, assigned and completed. */
  'user-tasks',
  /** Steps, diagram, incidents and variables of an instance can be read, and what is wrong be mended. */
  'inner-state',
  /** Processes write to the conversation, and wait for what is said in it. */
  'conversation',
  /** A start whose answer was lost is found again, whatever the process. */
  'lost-answers',
] as const;
export type EngineLimit = (typeof engineLimits)[number];

/** A place in an engine's own application. */
export interface EngineLink {
  /** The engine's name for people. */
  engine: string;
  url: string;
}

/**
 * The port to a process engine. Every adapter passes the same contract suite (test/engines/contract.ts). All methods may throw
 * {@link EngineUnavailableError}.
 */
export interface ProcessEngine {
  /** The limits for a definition, instance or task of this id or key, whether or not it exists. */
  limitsOf(key: string): ReadonlySet<EngineLimit>;
  /** Newest version of every definition that can be started by hand or by Kickoff, in no particular order. */
  listProcessDefinitions(): Promise<ProcessDefinition[]>;
  /**
   * Starts an instance of the newest version and returns once its first wait states are committed, with its key.
   * Idempotent by `startId`. Throws {@link EngineRefusedError}.
   */
  startProcessInstance(request: StartProcessInstance): Promise<{ processInstanceKey: string }>;
  getProcessInstance(processInstanceKey: string): Promise<ProcessInstance | undefined>;
  /**
   * Link to the instance in the engine's own application; undefined if there is none. Does not check that the instance exists.
   */
  instanceLink(processInstanceKey: string): EngineLink | undefined;
  /** Ends the instance where it stands; an instance that has ended already stays as it is. */
  cancelProcessInstance(processInstanceKey: string): Promise<void>;
  /**
   * Variables that can be seen from a scope: those of a process instance, or of an element instance that is active.
   * `local`: only the scope's own. Undefined if there is no such scope (any more).
   */
  getVariables(scopeKey: string, options?: { local?: boolean }): Promise<Variables | undefined>;
  /** Throws {@link EngineRefusedError} if there is no such scope (any more), or its instance has ended. */
  setVariables(request: SetVariables): Promise<void>;
  /** The incidents of the instance, oldest first. */
  listIncidents(processInstanceKey: string): Promise<Incident[]>;
  /**
   * Lets the instance go on where it stopped, without repeating what was done. A job without retries gets `retries` more,
   * 1 if absent. What is still wrong is an incident again. Nothing happens if the incident was resolved already.
   */
  resolveIncident(incidentKey: string, options?: { retries?: number }): Promise<void>;
  /** Every time that the instance was at an element, oldest first. */
  listElementInstances(processInstanceKey: string): Promise<ElementInstance[]>;
  /**
   * Publishes a message, as Camunda 8 does: each process has it once at most, be it one of its instances that waits for
   * the name and correlation key, be it a new one. Of several that wait, the oldest; of several messages, the oldest. Of
   * the instances that messages of one correlation key start of a process, one is active at a time. Returns once the
   * message is kept. Throws {@link EngineRefusedError}.
   */
  publishMessage(message: PublishMessage): Promise<void>;
  findMessageReceivers(messageName: string): Promise<MessageReceivers>;
  /** Tells all that wait for the signal now, and starts the processes that begin with it. Throws {@link EngineRefusedError}. */
  broadcastSignal(signal: BroadcastSignal): Promise<void>;
  /** The BPMN file, as XML, that the instance runs: that of its version. Undefined: there is no such instance. */
  getDiagram(processInstanceKey: string): Promise<string | undefined>;
  /** The diagram of the newest startable version of a process; undefined if there is none. */
  getDefinitionDiagram(processDefinitionId: string): Promise<string | undefined>;
  getUserTask(taskKey: string): Promise<UserTask | undefined>;
  /** All user tasks of the instance and of those that it called, oldest first, ended ones included. */
  listUserTasks(processInstanceKey: string): Promise<UserTask[]>;
  /**
   * Gives the task to a person. Idempotent: who has it already keeps it. Throws {@link UserTaskClosedError} if the task is
   * not open, {@link UserTaskAssignedError} if it is somebody else's and that is not to be overridden. A change of the
   * instance.
   */
  assignUserTask(request: AssignUserTask): Promise<void>;
  /** Throws {@link UserTaskClosedError} if the task is not open. The variables are already checked against the form. */
  completeUserTask(request: CompleteUserTask): Promise<void>;
  /**
   * Calls `handler` with the key of each instance whose status or user tasks changed, or those of one that it called, at least once per change, also
   * for changes made while nobody listened; a handler that throws is called again later. One call at a time per
   * instance. Several changes may be told by one call, so a handler looks at the instance as it is now.
   */
  onProcessInstanceChange(handler: (processInstanceKey: string) => Promise<void>): void;
  /** Calls `handler` when listProcessDefinitions() would answer differently. */
  onProcessDefinitionsChange(handler: () => void): void;
  /** Begins to work on jobs, timers and changes. */
  start(): Promise<void>;
  /** Throws {@link EngineUnavailableError} with the reason if a start would not be accepted now. */
  checkHealth(): Promise<void>;
  /** Finishes what is under way and stops working. */
  stop(): Promise<void>;
}
