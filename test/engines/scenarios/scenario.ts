import { z } from 'zod';
import type { Variables } from '../../../src/processes/value-types.ts';

/**
 * A scenario: diagrams, what is done to an instance of the first, and what is to be seen of it. Any engine behind the port
 * can run it, so it speaks of elements, variables and time as an analyst would, and of nothing that an engine keeps.
 */

const values: z.ZodType<Variables> = z.record(z.string(), z.json());
const element = z.string();
const duration = z.string().regex(/^P/);
/** Which one, where an element is there more than once: the one that sees these variables. */
const where = values.optional();

/** An open user task: of this element, and with what is said of it. */
const taskSeen = z.union([
  element,
  z.strictObject({
    element,
    name: z.string().optional(),
    assignee: z.string().optional(),
    candidateUsers: z.array(z.string()).optional(),
    candidateGroups: z.array(z.string()).optional(),
    form: z.string().optional(),
    /** All that it sees. */
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
    /** All that it sees. */
    variables: values.optional(),
    attempt: z.number().optional(),
  }),
]);

/** What is to be seen of the instance, sooner or later. What is left out is not looked at. */
const expectation = z.strictObject({
  status: z.enum(['active', 'completed', 'terminated', 'incident']).optional(),
  /** Every open user task, in any order. */
  tasks: z.array(taskSeen).optional(),
  /** Jobs that wait for a worker, among others: no engine tells workers of a job that is gone. */
  jobs: z.array(jobSeen).optional(),
  /** All of the process's own. */
  variables: values.optional(),
  /** Every open incident, in any order. `about`: a part of its reason. */
  incidents: z.array(z.strictObject({ element, type: z.string().optional(), about: z.string().optional() })).optional(),
  /** Every element that was left with its work done, once for each time, in any order; the process itself apart. */
  completed: z.array(element).optional(),
  /** Every element that was ended from outside. */
  terminated: z.array(element).optional(),
});

const step = z.union([
  /** Starts the process, or another one of the files; what follows is about the new instance. */
  z.strictObject({ start: values, process: z.string().optional() }),
  /** An event has started the process, or another one of the files; what follows is about the oldest such instance. */
  z.strictObject({ started: z.literal('instance'), process: z.string().optional() }),
  z.strictObject({ expect: expectation }),
  z.strictObject({ completeTask: element, where, with: values.optional(), by: z.string().optional() }),
  z.strictObject({ completeJob: element, where, with: values.optional() }),
  /** `retries`: how many are left. */
  z.strictObject({ failJob: element, where, reason: z.string(), retries: z.int().min(0).default(0) }),
  z.strictObject({
    throwError: element,
    where,
    code: z.string(),
    message: z.string().optional(),
    with: values.optional(),
  }),
  /** Lets time pass: an ISO 8601 duration. */
  z.strictObject({ pass: duration }),
  z.strictObject({ cancel: z.literal('instance') }),
  /** Resolves the incident of the element; a job gets so many retries. */
  z.strictObject({ resolve: element, retries: z.int().min(1).optional() }),
  /** Sets variables of the process, or in the scope of an element that is active. */
  z.strictObject({ set: values, in: element.optional() }),
  /** Publishes a message; `timeToLive` is an ISO 8601 duration, none if absent. */
  z.strictObject({
    publish: z.string(),
    key: z.string(),
    with: values.optional(),
    id: z.string().optional(),
    timeToLive: duration.optional(),
  }),
  z.strictObject({ broadcast: z.string(), with: values.optional() }),
  /** Deploys further files, by the name they have together: what they change is a new version. */
  z.strictObject({ deploy: z.string() }),
]);

export const stepsSchema = z.array(step).min(1);

export type Step = z.output<typeof step>;
export type Steps = z.input<typeof stepsSchema>;
export type Expectation = z.output<typeof expectation>;

export interface Scenario {
  title: string;
  /** Path → content. Ids of processes and forms are unique among all scenarios, for one engine has them all. */
  files: Record<string, string>;
  /** Name → path → content: what is deployed in the course of it. */
  deployments: Record<string, Record<string, string>>;
  /** What `start` starts where it does not say. */
  processId: string;
  steps: Step[];
}
