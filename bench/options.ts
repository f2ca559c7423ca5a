import { parseArgs } from 'node:util';

export const measurementNames = [
  'irrelevant',
  'message',
  'conditions',
  'waits',
  'start',
  'steady-starts',
  'telling',
  'by-hand',
  'at-scale',
  'retention',
  'replicas',
  'metrics',
  'search',
  'memory',
  'startup',
  'engine',
  'engine-scale',
  'engines',
] as const;
export type MeasurementName = (typeof measurementNames)[number];

export interface BenchOptions {
  /** The measurements to make. */
  only: readonly MeasurementName[];
  /** Few and short rounds, for work on the benchmark itself; the results are not meaningful. */
  quick: boolean;
  /** The directory for Kickoff's CPU profiles (`node --cpu-prof`); absent: none are taken, because they slow it down. */
  profileDir?: string;
  /** A server on which databases can be created, as a superuser; absent: the benchmark starts its own. */
  databaseUrl?: string;
  /** Rounds of each comparison; the contenders take turns within each. */
  rounds: number;
  /** Deliveries to each contender in a round. */
  deliveries: number;
  /** Process starts in a round. */
  starts: number;
  /** Deliveries of the memory measurement. */
  memoryDeliveries: number;
  /** Number of measured starts of Kickoff. */
  startUps: number;
}

export const usage = `npm run bench -- [--quick] [--only ${measurementNames.join('|')}]… [--profile <directory>]`;

/** Reads the command line and the environment. Throws an error with a readable message. */
export function readOptions(args: string[], environment: Record<string, string | undefined>): BenchOptions {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      profile: { type: 'string' },
    },
  });
  const only = values.only.map((name) => {
    const known = measurementNames.find((candidate) => candidate === name);
    if (!known) throw new Error(`There is no measurement "${name}".\n${usage}`);
    return known;
  });
  const { quick } = values;
  return {
    only: only.length > 0 ? only : measurementNames,
    quick,
    ...(values.profile ? { profileDir: values.profile } : {}),
    ...(environment.BENCH_DATABASE_URL ? { databaseUrl: environment.BENCH_DATABASE_URL } : {}),
    rounds: quick ? 3 : 7,
    deliveries: quick ? 1500 : 3000,
    starts: quick ? 400 : 1000,
    memoryDeliveries: quick ? 5000 : 50_000,
    startUps: quick ? 3 : 5,
  };
}
