import { UnavailableError, UserFacingError } from '../errors.ts';
import type { Form } from '../processes/form.ts';
import type { ProcessDefinition } from '../processes/process-definition.ts';
import type { Json, Variables } from '../processes/value-types.ts';
import { type Message, message } from '../words/message.ts';

export interface StartProcessInstance {
  /** The start's id (a UUID). A repeated id returns the instance that exists already, whatever else is in the request. */
  startId: string;
  processDefinitionId: string;
  variables: Variables;
  /**
   * The instance, and the instances that it calls, receive messages with a {@link PublishMessage.saidAt} only if that is later
   * than this. Undefined: they receive messages of any age.
   */
  hearsAfter?: number;
}

export type ProcessInstanceStatus = 'active' | 'completed' | 'terminated' | 'incident';

export interface ProcessInstance {
  key: string;
  startId: string | undefined;
  processDefinitionId: string;
  /** `terminated`: cancelled, or ended by an error if the engine does that; `incident`: stopped until somebody resolves it. */
  status: ProcessInstanceStatus;
  /** The reason for `incident` or `terminated`, naming the element. */
  reason: string | undefined;
  variables: Variables;
  /** The correlation key of the message that started an active instance, if it has one. */
  correlationKey: string | undefined;
  /** Joins at which this instance, or one that it called, waits for more flows; empty if the engine does not report them. */
  waitingJoins: WaitingJoin[];
}

/** A parallel gateway that some of its incoming flows have reached. */
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
  /** The instance that was started; for a task in a called process, the outermost caller. */
  processInstanceKey: string;
  processDefinitionId: string;
  processName: string;
  elementId: string;
  name: string;
  status: 'open' | 'completed' | 'cancelled';
  /** Slack user id or e-mail address, from the process or a later assignment. */
  assignee: string | undefined;
  candidateUsers: string[];
  /** User-group ids or handles. */
  candidateGroups: string[];
  form: Form | undefined;
  /** The variables visible from the task, for its form. */
  variables: Variables;
  /** Slack user id of the person who completed it. */
  completedBy: string | undefined;
  createdAt: Date;
  /** `zeebe:taskSchedule`: the due date and the follow-up date. */
  dueDate: Date | undefined;
  followUpDate: Date | undefined;
}

export interface AssignUserTask {
  taskKey: string;
  /** Slack user id. */
  assignee: string;
  /** True: the task is taken from its current assignee. False: fails if somebody else is assigned. */
  allowOverride: boolean;
  /**
   * The assignee from whom the task may be taken all the same, as {@link UserTask.assignee} names them. If several people
   * take it from the same assignee, the first gets it.
   */
  takeFrom?: string;
}

export interface CompleteUserTask {
  taskKey: string;
  variables: Variables;
  /** Slack user id of the person who completes it. */
  completedBy: string;
}

/** A problem that stopped an instance at one of its elements; its other branches continue. */
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
  /**
   * Also the key of the element's variable scope, as long as the instance exists. The key for the process is the instance's
   * key.
   */
  key: string;
  elementId: string;
  /** The name in the diagram, else the id. */
  name: string;
  /** The element instance that contains it; undefined for the process. */
  parentKey: string | undefined;
  /** `incident`: the instance has stopped there; see {@link reason}. */
  status: 'active' | 'completed' | 'terminated' | 'incident';
  enteredAt: Date;
  leftAt: Date | undefined;
  /** The reason of its latest incident, resolved or not. */
  reason: string | undefined;
  /** For a business rule task: the decisions made, required ones first. */
  decisions?: EvaluatedDecision[];
}

/** A DMN decision that was evaluated, with its inputs and result. */
export interface EvaluatedDecision {
  id: string;
  name: string;
  /** For a table: its input columns. */
  inputs: { label: string; value: Json }[];
  /** The matching rules of a table; `index` counts from 1. */
  matchedRules: { id: string; index: number; outputs: Json[] }[];
  result: Json;
}

export interface SetVariables {
  /** Key of a process instance, or of an active element instance. */
  scopeKey: string;
  variables: Variables;
  /**
   * True: all variables are set in this scope. False: each is set in the nearest scope that has it, from this one outwards, or
   * else in the process.
   */
  local: boolean;
}

export interface PublishMessage {
  /** 1 to 256 characters. */
  name: string;
  /** At most 256 characters. Without a key the message only starts processes, any number of instances of each. */
  correlationKey?: string;
  variables: Variables;
  /** How long it is kept for receivers that do not wait yet; 0: only for those that wait now. */
  timeToLiveMs: number;
  /** A message with the same name, correlation key and id as one that is still kept is ignored. */
  messageId?: string;
  /**
   * When it was said, in microseconds since 1970. Kept messages are received in this order; messages without a time in the
   * order in which they were published. An instance that it starts receives only later messages.
   */
  saidAt?: number;
  /**
   * False: the message starts no process; only instances that wait, or will wait, receive it. An external engine that cannot
   * tell the two apart starts processes anyway.
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
  /** Whether instances that Kickoff has not started may wait for it, or the message itself starts instances. */
  withoutStart: boolean;
}

/** The engine cannot be reached or does not answer. A later attempt may succeed. */
export class EngineUnavailableError extends UnavailableError {
  override readonly name = 'EngineUnavailableError';
}

/** The engine refuses the request, and would refuse it again: unknown process, missing variable, a limit of the engine. */
export class EngineRefusedError extends UserFacingError {
  override readonly name = 'EngineRefusedError';
  /** A string is the engine's own message, in whatever language. */
  constructor(said: Message | string, options?: ErrorOptions) {
    super(typeof said === 'string' ? message('asIs', { text: said }) : said, options);
  }
}

/** A task listener of the process denied the operation on the user task. */
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

/** The user task is already assigned to somebody else. */
export class UserTaskAssignedError extends Error {
  override readonly name = 'UserTaskAssignedError';
  readonly task: UserTask;
  constructor(task: UserTask) {
    super(`already assigned to ${task.assignee}`);
    this.task = task;
  }
}

/** A job of a service task, as passed to its handler. */
export interface Job {
  /** The same on every attempt: an idempotency key for external systems. */
  key: string;
  type: string;
  /** The instance that was started: see {@link UserTask}. */
  processInstanceKey: string;
  elementId: string;
  /** The variables of the scope, overlaid with the results of the task's input mappings. */
  variables: Variables;
  /** `zeebe:taskHeaders`. */
  headers: Record<string, string>;
  /** 1 on the first attempt. */
  attempt: number;
  /** Number of attempts left, including this one, if the engine counts them. */
  retries?: number;
  /**
   * The secrets that the diagram's inputs refer to. Their placeholders are `{{secrets.NAME` + `mark` + `}}`; a placeholder
   * without the mark is text that somebody wrote.
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

/** Thrown by a job handler: the job failed, and further attempts would fail too, so none is made. */
export class PermanentJobError extends Error {
  override readonly name = 'PermanentJobError';
}

/** Thrown by a job handler: the job failed, and its process decides about further attempts. */
export class JobError extends Error {
  override readonly name = 'JobError';
  /** Number of attempts left; 0 raises an incident. */
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
 * Does a job's work and returns the job's variables. An UnavailableError costs no retry: the job waits until the missing
 * service is back. Any other error, except the three above, costs one of the job's retries.
 */
export interface JobHandler {
  (job: Job, signal: AbortSignal): Promise<{ [name: string]: Json }>;
  /** Time limit of this job in milliseconds, if the engine does not set it. */
  timeoutMs?(job: Job): number | undefined;
}

/**
 * Features that an engine may lack. Each adapter declares its own; docs/engines.md has a table of them, and the contract suite
 * skips exactly what an engine declares.
 */
export const engineLimits = [
  /** Runs the same files as Camunda 8. */
  'camunda8-files',
  /** A failed expression raises an incident that can be resolved. */
  'expression-incidents',
  /** An uncaught BPMN error raises an incident. */
  'uncaught-errors',
  /** A message is correlated by an expression of the process, not only by the session. */
  'message-keys',
  /** Messages, signals and dates start processes, and Kickoff sees the instances. */
  'message-starts',
  /** If several instances wait for a message, only those that waited before it was sent receive it. */
  'message-times',
  /** A process whose file is removed is no longer offered. */
  'removed-files',
  /** Lists and objects are stored as such, not as text. */
  'structured-variables',
  /** An instance can be cancelled. */
  'cancelling',
  /** User tasks are listed, assigned and completed. */
  'user-tasks',
  /** Steps, diagram, incidents and variables of an instance can be read, incidents resolved and variables set. */
  'inner-state',
  /** Processes write to the conversation and wait for messages in it. */
  'conversation',
  /** The instance of a start whose answer was lost is found again, for every process. */
  'lost-answers',
] as const;
export type EngineLimit = (typeof engineLimits)[number];

/** A link into an engine's own web application. */
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
  /** The limits that apply to a definition, instance or task with this id or key, whether or not it exists. */
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
  /** Cancels the instance; does nothing if it has already ended. */
  cancelProcessInstance(processInstanceKey: string): Promise<void>;
  /**
   * Variables visible from a scope: of a process instance, or of an active element instance. `local`: only the scope's own
   * variables. Undefined if the scope does not exist (any more).
   */
  getVariables(scopeKey: string, options?: { local?: boolean }): Promise<Variables | undefined>;
  /** Throws {@link EngineRefusedError} if the scope does not exist (any more) or its instance has ended. */
  setVariables(request: SetVariables): Promise<void>;
  /** The incidents of the instance, oldest first. */
  listIncidents(processInstanceKey: string): Promise<Incident[]>;
  /**
   * Continues the instance where it stopped, without repeating completed work. A job without retries gets `retries` more, 1 by
   * default. If the cause is not fixed, a new incident is raised. Does nothing if the incident was already resolved.
   */
  resolveIncident(incidentKey: string, options?: { retries?: number }): Promise<void>;
  /** Every visit of the instance to an element, oldest first. */
  listElementInstances(processInstanceKey: string): Promise<ElementInstance[]>;
  /**
   * Publishes a message with the semantics of Camunda 8: each process receives it at most once, either in an instance that
   * waits for the name and correlation key, or by starting a new instance. The instance that has waited longest receives it; an
   * instance receives the oldest message first. Of the instances of one process that messages with one correlation key start,
   * only one is active at a time. Returns once the message is stored. Throws {@link EngineRefusedError}.
   */
  publishMessage(message: PublishMessage): Promise<void>;
  findMessageReceivers(messageName: string): Promise<MessageReceivers>;
  /**
   * Broadcasts a signal to everything that waits for it now, and starts the processes that begin with it. Throws {@link
   * EngineRefusedError}.
   */
  broadcastSignal(signal: BroadcastSignal): Promise<void>;
  /** The BPMN XML of the version that the instance runs; undefined if there is no such instance. */
  getDiagram(processInstanceKey: string): Promise<string | undefined>;
  /** The diagram of the newest startable version of a process; undefined if there is none. */
  getDefinitionDiagram(processDefinitionId: string): Promise<string | undefined>;
  getUserTask(taskKey: string): Promise<UserTask | undefined>;
  /** All user tasks of the instance and of those that it called, oldest first, including closed ones. */
  listUserTasks(processInstanceKey: string): Promise<UserTask[]>;
  /**
   * Assigns the task to a person. Idempotent. Throws {@link UserTaskClosedError} if the task is not open, and {@link
   * UserTaskAssignedError} if it is assigned to somebody from whom it must not be taken. Counts as a change of the instance.
   */
  assignUserTask(request: AssignUserTask): Promise<void>;
  /**
   * Completes the task. Throws {@link UserTaskClosedError} if it is not open. The variables were checked against the form
   * before.
   */
  completeUserTask(request: CompleteUserTask): Promise<void>;
  /**
   * Calls `handler` with the key of each instance whose status or user tasks changed, or those of an instance that it called.
   * At least one call per change, also for changes made while nothing listened; after an error the call is repeated. One call
   * at a time per instance. One call may stand for several changes, so a handler reads the current state of the instance.
   */
  onProcessInstanceChange(handler: (processInstanceKey: string) => Promise<void>): void;
  /** Calls `handler` when the result of listProcessDefinitions() may have changed. */
  onProcessDefinitionsChange(handler: () => void): void;
  /** Starts the workers for jobs, timers and changes. */
  start(): Promise<void>;
  /** Throws {@link EngineUnavailableError} with the reason if a start would not be accepted now. */
  checkHealth(): Promise<void>;
  /** Finishes the work in progress and stops. */
  stop(): Promise<void>;
}
