import { Counter, Gauge, Histogram, Registry, register } from 'prom-client';
import { createQueueGauges, type WatchedQueue } from './queue-gauges.ts';

/** Kickoff's metrics. No label holds anything that a person wrote, or a name. */
export interface Metrics {
  /** Counts a delivery from Slack. `failed`: it was not acknowledged, so that Slack delivers it again. */
  delivery(body: object, outcome: 'done' | 'failed', sinceMs: number): void;
  /** Counts a click, command or submission of a person that failed. */
  interactionFailed(body: object): void;
  /** Counts the end of an attempt at a start. */
  start(outcome: StartOutcome, askedAt: Date): void;
  /** Counts an attempt at a job of a process. */
  job(type: string, outcome: 'completed' | 'error' | 'failed' | 'lost', sinceMs: number): void;
  /** Counts incidents of the embedded engine. */
  incidents(count: number): void;
  slackCall(method: string, outcome: SlackCallOutcome, sinceMs: number): void;
  query(sinceMs: number): void;
  /** Exposes the size of a queue. Returns a function that stops it. */
  watchQueue(queue: WatchedQueue): () => void;
  /** All metrics in Prometheus' text format. Throws if queues cannot be read. */
  text(isReady: boolean): Promise<{ text: string; contentType: string }>;
}

export type StartOutcome = 'running' | 'waiting' | 'failed';
export type SlackCallOutcome = 'ok' | 'rate_limited' | 'refused' | 'unreachable';

/** Known kinds of Slack's deliveries; any other counts as `other`, since anybody can send one. */
const kinds = new Set([
  'event_callback',
  'block_actions',
  'block_suggestion',
  'message_action',
  'shortcut',
  'view_submission',
  'view_closed',
  'app_rate_limited',
]);

function kindOf(body: object): string {
  if ('command' in body) return 'command';
  return 'type' in body && typeof body.type === 'string' && kinds.has(body.type) ? body.type : 'other';
}

/** Buckets in seconds. */
const quick = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const slow = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200];

const secondsSince = (ms: number) => Math.max(performance.now() - ms, 0) / 1000;

/** Creates a registry for each Kickoff: a process may run several, as tests do. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const deliveries = new Counter({
    name: 'kickoff_deliveries_total',
    help: 'Deliveries from Slack; a failed one was not acknowledged',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const deliveryTime = new Histogram({
    name: 'kickoff_delivery_duration_seconds',
    help: 'From the arrival of a delivery to the end of the work on it',
    labelNames: ['kind'],
    buckets: quick,
    registers,
  });
  const interactionsFailed = new Counter({
    name: 'kickoff_interactions_failed_total',
    help: 'Clicks, commands and submissions that met a fault, of which the person was told',
    labelNames: ['kind'],
    registers,
  });
  const startsMade = new Counter({
    name: 'kickoff_starts_total',
    help: 'Attempts to start a process: running, waiting for another attempt, failed',
    labelNames: ['outcome'],
    registers,
  });
  const startLatency = new Histogram({
    name: 'kickoff_start_latency_seconds',
    help: 'From the moment a start was asked for to its process running',
    buckets: slow,
    registers,
  });
  const jobs = new Counter({
    name: 'kickoff_jobs_total',
    help: 'Tries at jobs of processes that the embedded engine runs',
    labelNames: ['type', 'outcome'],
    registers,
  });
  const jobTime = new Histogram({
    name: 'kickoff_job_duration_seconds',
    help: 'Duration of a try at a job',
    labelNames: ['type'],
    buckets: slow,
    registers,
  });
  const incidents = new Counter({
    name: 'kickoff_incidents_total',
    help: 'Commands after which a process instance of the embedded engine stands at an incident',
    registers,
  });
  const slackCalls = new Counter({
    name: 'kickoff_slack_calls_total',
    help: 'Calls of the Web API',
    labelNames: ['method', 'outcome'],
    registers,
  });
  const slackTime = new Histogram({
    name: 'kickoff_slack_call_duration_seconds',
    help: 'Duration of a call of the Web API, without its wait for its turn',
    labelNames: ['method'],
    buckets: quick,
    registers,
  });
  const queries = new Histogram({
    name: 'kickoff_database_query_duration_seconds',
    help: 'Duration of a statement, its wait for a connection included',
    buckets: quick,
    registers,
  });
  const ready = new Gauge({ name: 'kickoff_ready', help: 'Whether /readyz answers 200', registers });
  const queueGauges = createQueueGauges(registers);
  // Adds the metrics of the process, which run-kickoff.ts collects.
  const all = Registry.merge([registry, register]);
  return {
    delivery(body, outcome, sinceMs) {
      const kind = kindOf(body);
      deliveries.inc({ kind, outcome });
      deliveryTime.observe({ kind }, secondsSince(sinceMs));
    },
    interactionFailed: (body) => interactionsFailed.inc({ kind: kindOf(body) }),
    start(outcome, askedAt) {
      startsMade.inc({ outcome });
      if (outcome === 'running') startLatency.observe(Math.max(Date.now() - askedAt.getTime(), 0) / 1000);
    },
    job(type, outcome, sinceMs) {
      jobs.inc({ type, outcome });
      jobTime.observe({ type }, secondsSince(sinceMs));
    },
    incidents: (count) => incidents.inc(count),
    slackCall(method, outcome, sinceMs) {
      slackCalls.inc({ method, outcome });
      slackTime.observe({ method }, secondsSince(sinceMs));
    },
    query: (sinceMs) => queries.observe(secondsSince(sinceMs)),
    watchQueue: queueGauges.watch,
    async text(isReady) {
      ready.set(isReady ? 1 : 0);
      await queueGauges.refresh();
      return { text: await all.metrics(), contentType: all.contentType };
    },
  };
}
