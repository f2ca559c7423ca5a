import { isDeepStrictEqual } from 'node:util';
import { expect, vi } from 'vitest';
import type { Incident, Job, ProcessEngine, UserTask } from '../../../src/engines/engine.ts';
import type { Variables } from '../../../src/processes/value-types.ts';
import type { JobDesk } from './job-desk.ts';
import type { Expectation, Scenario, Step } from './scenario.ts';

/** The operations of an engine that scenarios need. */
export type StageEngine = Pick<
  ProcessEngine,
  | 'startProcessInstance'
  | 'getProcessInstance'
  | 'cancelProcessInstance'
  | 'setVariables'
  | 'listIncidents'
  | 'resolveIncident'
  | 'listElementInstances'
  | 'publishMessage'
  | 'broadcastSignal'
  | 'listUserTasks'
  | 'completeUserTask'
>;

/** The environment in which scenarios run. */
export interface Stage {
  engine: StageEngine;
  desk: JobDesk;
  /** Keys of the instances of a process, however they were started; called instances may be missing. */
  instancesOf(processId: string): Promise<string[]>;
  /** Deploys files; other files stay deployed. */
  deploy(files: Record<string, string>): Promise<void>;
  /** Advances the engine's clock, in milliseconds. */
  advance(ms: number): Promise<void>;
  /** Returns a new start id. */
  startId(): string;
}

const patience = { timeout: 25_000, interval: 50 };

/** Runs the scenario's commands on an engine, one after the other, and waits for the expectations between them. */
export async function runScenario(stage: Stage, scenario: Scenario): Promise<void> {
  const instances: string[] = [];
  const { steps } = scenario;
  try {
    for (const [index, step] of steps.entries()) {
      try {
        await take(stage, scenario, instances, step);
      } catch (error) {
        if (error instanceof Error) error.message = `step ${index + 1}, ${JSON.stringify(step)}: ${error.message}`;
        throw error;
      }
    }
  } finally {
    for (const instance of instances) await stage.engine.cancelProcessInstance(instance);
    stage.desk.clear();
  }
}

async function take(stage: Stage, scenario: Scenario, instances: string[], step: Step): Promise<void> {
  const { engine, desk } = stage;
  if ('start' in step) {
    const request = {
      startId: stage.startId(),
      processDefinitionId: step.process ?? scenario.processId,
      variables: step.start,
    };
    instances.push((await engine.startProcessInstance(request)).processInstanceKey);
    return;
  }
  if ('started' in step) {
    instances.push(await startedInstance(stage, step.process ?? scenario.processId, instances));
    return;
  }
  if ('deploy' in step) {
    const files = scenario.deployments[step.deploy];
    if (!files) throw new Error(`the scenario has no deployment ${step.deploy}`);
    return stage.deploy(files);
  }
  if ('pass' in step) return stage.advance(milliseconds(step.pass));
  if ('publish' in step) return publish(engine, step);
  if ('broadcast' in step) return engine.broadcastSignal({ name: step.broadcast, variables: step.with ?? {} });
  const instance = instances.at(-1);
  if (instance === undefined) throw new Error('nothing was started');
  if ('expect' in step) return until(() => check(stage, instance, step.expect));
  if ('completeTask' in step) {
    const { key: taskKey } = await openTask(engine, instance, step.completeTask, step.where);
    return engine.completeUserTask({ taskKey, variables: step.with ?? {}, completedBy: step.by ?? 'U1' });
  }
  if ('completeJob' in step) {
    const job = await waitingJob(desk, instance, step.completeJob, step.where);
    const before = await activeAt(engine, instance, step.completeJob);
    desk.complete(job, step.with ?? {});
    // Waits until the engine has completed the job, before the next step. The caller's elements do not show this for a called
    // process.
    return until(async () => {
      const still = await activeAt(engine, instance, step.completeJob);
      if (before.length === 0 || !before.every((key) => still.includes(key))) return;
      // The job of a listener is followed by another one, or by a task.
      const isNext = desk
        .waiting(instance)
        .some(({ key, elementId }) => elementId === step.completeJob && key !== job.key);
      if (!isNext && !(await hasTask(engine, instance, step.completeJob))) throw new Error('the job is not done yet');
    });
  }
  if ('failJob' in step) {
    return desk.fail(await waitingJob(desk, instance, step.failJob, step.where), step.reason, step.retries);
  }
  if ('throwError' in step) {
    const job = await waitingJob(desk, instance, step.throwError, step.where);
    return desk.throwError(job, step.code, step.message ?? '', step.with ?? {});
  }
  if ('cancel' in step) return engine.cancelProcessInstance(instance);
  if ('resolve' in step) {
    const { key } = await incidentAt(engine, instance, step.resolve);
    return engine.resolveIncident(key, step.retries === undefined ? {} : { retries: step.retries });
  }
  const scopeKey = step.in === undefined ? instance : await scopeOf(engine, instance, step.in);
  return engine.setVariables({ scopeKey, variables: step.set, local: step.in !== undefined });
}

/** Waits for an instance that the scenario does not know yet. */
function startedInstance(stage: Stage, processId: string, known: readonly string[]): Promise<string> {
  return until(async () => {
    const found = await stage.instancesOf(processId);
    const oldest = found.filter((key) => !known.includes(key)).sort((a, b) => Number(BigInt(a) - BigInt(b)))[0];
    if (oldest === undefined) throw new Error(`nothing has started ${processId}`);
    return oldest;
  });
}

function publish(engine: StageEngine, step: Extract<Step, { publish: string }>): Promise<void> {
  return engine.publishMessage({
    name: step.publish,
    correlationKey: step.key,
    ...(step.id !== undefined && { messageId: step.id }),
    timeToLiveMs: milliseconds(step.timeToLive ?? 'PT0S'),
    variables: step.with ?? {},
  });
}

const until = <T>(look: () => T | Promise<T>): Promise<T> => vi.waitFor(look, patience);

function openTask(engine: StageEngine, instance: string, element: string, where: Variables = {}): Promise<UserTask> {
  return until(async () => {
    const open = (await engine.listUserTasks(instance)).filter(({ status }) => status === 'open');
    const task = open.find(({ elementId, variables }) => elementId === element && sees(variables, where));
    if (!task) throw new Error(`no open task ${element}, but ${open.map(({ elementId }) => elementId)}`);
    return task;
  });
}

function waitingJob(desk: JobDesk, instance: string, element: string, where: Variables = {}): Promise<Job> {
  return until(() => {
    const waiting = desk.waiting(instance);
    const job = waiting.find(({ elementId, variables }) => elementId === element && sees(variables, where));
    if (!job) throw new Error(`no job ${element}, but ${waiting.map(({ elementId }) => elementId)}`);
    return job;
  });
}

function incidentAt(engine: StageEngine, instance: string, element: string): Promise<Incident> {
  return until(async () => {
    const incidents = await engine.listIncidents(instance);
    const incident = incidents.find(({ elementId }) => elementId === element);
    if (!incident) throw new Error(`no incident at ${element}, but ${incidents.map(({ elementId }) => elementId)}`);
    return incident;
  });
}

async function hasTask(engine: StageEngine, instance: string, element: string): Promise<boolean> {
  const tasks = await engine.listUserTasks(instance);
  return tasks.some(({ elementId, status }) => elementId === element && status === 'open');
}

/** Keys of the active instances of the element. */
async function activeAt(engine: StageEngine, instance: string, element: string): Promise<string[]> {
  const elements = await engine.listElementInstances(instance);
  return elements.flatMap(({ key, elementId, status }) => (elementId === element && status === 'active' ? [key] : []));
}

async function scopeOf(engine: StageEngine, instance: string, element: string): Promise<string> {
  const elements = await engine.listElementInstances(instance);
  const active = elements.findLast(({ elementId, status }) => elementId === element && status === 'active');
  if (!active) throw new Error(`${element} is not active`);
  return active.key;
}

async function check({ engine, desk }: Stage, instance: string, expected: Expectation): Promise<void> {
  if (expected.tasks) {
    const open = (await engine.listUserTasks(instance)).filter(({ status }) => status === 'open');
    expectAll(open.map(asSeen), expected.tasks, 'open tasks');
  }
  if (expected.incidents) expectAll(await engine.listIncidents(instance), expected.incidents, 'incidents');
  if (expected.jobs) {
    const waiting = desk.waiting(instance);
    expect(missing(waiting, expected.jobs), `jobs that do not wait; those that do: ${json(waiting)}`).toEqual([]);
  }
  if (expected.status !== undefined || expected.variables) {
    const found = await engine.getProcessInstance(instance);
    if (expected.status !== undefined) expect(found, json(found)).toMatchObject({ status: expected.status });
    if (expected.variables) expect(found?.variables).toEqual(expected.variables);
  }
  if (!expected.completed && !expected.terminated) return;
  const elements = (await engine.listElementInstances(instance)).filter(({ parentKey }) => parentKey !== undefined);
  for (const status of ['completed', 'terminated'] as const) {
    const wanted = expected[status];
    if (!wanted) continue;
    const ended = elements.filter((one) => one.status === status).map(({ elementId }) => elementId);
    expect(ended.sort(), `elements that are ${status}`).toEqual(wanted.toSorted());
  }
}

/** A task in the terms of scenarios. */
const asSeen = ({ form, ...task }: UserTask) => ({ ...task, form: form?.id });

type Wanted = string | { element: string; about?: string | undefined };

function expectAll(found: readonly object[], wanted: readonly Wanted[], what: string): void {
  expect(missing(found, wanted), `${what} that are not there; those that are: ${json(found)}`).toEqual([]);
  expect(found.length, `how many ${what} there are: ${json(found)}`).toBe(wanted.length);
}

/** The wanted items without a match among the found ones; each found item matches once. */
function missing(found: readonly object[], wanted: readonly Wanted[]): Wanted[] {
  const left = [...found];
  return wanted.filter((one) => {
    const index = left.findIndex((candidate) => isLike(candidate, one));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

function isLike(found: object, wanted: Wanted): boolean {
  const { element, about, ...values }: Exclude<Wanted, string> =
    typeof wanted === 'string' ? { element: wanted } : wanted;
  const facts: Record<string, unknown> = { ...found };
  if (facts.elementId !== element) return false;
  if (about !== undefined && !String(facts.reason).includes(about)) return false;
  return Object.entries(values).every(([name, value]) => value === undefined || isDeepStrictEqual(facts[name], value));
}

/** Whether the variables have these values, among others. */
function sees(variables: Variables, values: Variables): boolean {
  return Object.entries(values).every(([name, value]) => isDeepStrictEqual(variables[name], value));
}

const json = (found: unknown) => JSON.stringify(found);

/** Converts an ISO 8601 duration without calendar parts. */
function milliseconds(duration: string): number {
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration) ?? [];
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}
