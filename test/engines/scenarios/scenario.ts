import { z } from 'zod';
import type { Variables } from '../../../src/processes/value-types.ts';

/**
 * A scenario: diagrams, commands for an instance of the first one, and expectations. It must run on every engine behind the
 * port, so it uses an analyst's terms (elements, variables, time) and no internals of an engine.
 */

const values: z.ZodType<Variables> = z.record(z.string(), z.json());
const element = z.string();
const duration = z.string().regex(/^P/);
/** Selects one of several instances of an element: the one that sees these variables. */
const where = values.optional();

/** An open user task of this element, with these properties. */
const taskSeen = z.union([
  element,
  z.strictObject({
    element,
    name: z.string().optional(),
    assignee: z.string().optional(),
    candidateUsers: z.array(z.string()).optional(),
    candidateGroups: z.array(z.string()).optional(),
    form: z.string().optional(),
    /** All variables that it sees. */
    variables: values.optional(),
  }),
]);

/** A job that waits for a worker. */
const jobSeen = z.union([
  element,
  z.strictObject({
    element,
    type: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    /** All variables that it sees. */
    variables: values.optional(),
    attempt: z.number().optional(),
  }),
]);

/** The expected state of the instance, sooner or later. Omitted parts are not checked. */
const expectation = z.strictObject({
  status: z.enum(['active', 'completed', 'terminated', 'incident']).optional(),
  /** Every open user task, in any order. */
  tasks: z.array(taskSeen).optional(),
  /** Some of the jobs that wait for a worker; not all, because no engine tells workers that a job is gone. */
  jobs: z.array(jobSeen).optional(),
  /** All variables of the process itself. */
  variables: values.optional(),
  /** Every open incident, in any order. `about`: a part of its reason. */
  incidents: z.array(z.strictObject({ element, type: z.string().optional(), about: z.string().optional() })).optional(),
  /** Every completed element, once for each time, in any order; without the process itself. */
  completed: z.array(element).optional(),
  /** Every element that was terminated. */
  terminated: z.array(element).optional(),
});

const step = z.union([
  /** Starts the process, or another one of the files; later steps are about the new instance. */
  z.strictObject({ start: values, process: z.string().optional() }),
  /**
   * Waits until an event has started the process, or another one of the files; later steps are about the oldest such instance.
   */
  z.strictObject({ started: z.literal('instance'), process: z.string().optional() }),
  z.strictObject({ expect: expectation }),
  z.strictObject({ completeTask: element, where, with: values.optional(), by: z.string().optional() }),
  z.strictObject({ completeJob: element, where, with: values.optional() }),
  /** `retries`: number of retries left. */
  z.strictObject({ failJob: element, where, reason: z.string(), retries: z.int().min(0).default(0) }),
  z.strictObject({
    throwError: element,
    where,
    code: z.string(),
    message: z.string().optional(),
    with: values.optional(),
  }),
  /** Advances the clock by an ISO 8601 duration. */
  z.strictObject({ pass: duration }),
  z.strictObject({ cancel: z.literal('instance') }),
  /** Resolves the incident of the element; `retries`: new number of retries of a job. */
  z.strictObject({ resolve: element, retries: z.int().min(1).optional() }),
  /** Sets variables of the process, or in the scope of an active element. */
  z.strictObject({ set: values, in: element.optional() }),
  /** Publishes a message; `timeToLive` is an ISO 8601 duration; absent: none. */
  z.strictObject({
    publish: z.string(),
    key: z.string(),
    with: values.optional(),
    id: z.string().optional(),
    timeToLive: duration.optional(),
  }),
  z.strictObject({ broadcast: z.string(), with: values.optional() }),
  /** Deploys more files, by their common name; changed files are new versions. */
  z.strictObject({ deploy: z.string() }),
]);

export const stepsSchema = z.array(step).min(1);

export type Step = z.output<typeof step>;
export type Steps = z.input<typeof stepsSchema>;
export type Expectation = z.output<typeof expectation>;

export interface Scenario {
  title: string;
  /** Path → content. Ids of processes and forms are unique across all scenarios, because one engine has them all. */
  files: Record<string, string>;
  /** Name → path → content of the files that the scenario deploys. */
  deployments: Record<string, Record<string, string>>;
  /** The process that `start` starts by default. */
  processId: string;
  steps: Step[];
}
