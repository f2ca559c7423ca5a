import { median } from './statistics.ts';

/** The figures of one minute of the soak test. */
export interface Minute {
  /** Deliveries in this minute, and those of them that were not acknowledged. */
  deliveries: number;
  refused: number;
  /** 99 % of them were acknowledged within this, in milliseconds. */
  p99Ms: number;
  /** Total so far. */
  starts: number;
  tasks: number;
  completed: number;
  closings: number;
  residentMb: number;
  /** The age of the oldest item in a queue, in seconds, and the name of that queue. */
  queueAgeSeconds: number;
  oldestQueue: string;
  /** Rows of all tables, and dead rows that are not yet vacuumed. */
  liveRows: number;
  deadRows: number;
  databaseMb: number;
}

/** One minute as a line. */
export function describeMinute(number: number, minute: Minute): string {
  const { p99Ms, refused, queueAgeSeconds, oldestQueue, liveRows, deadRows } = minute;
  const queue = oldestQueue === '' ? '' : ` (${oldestQueue})`;
  return [
    `minute ${number}: ${minute.deliveries} deliveries, p99 ${p99Ms.toFixed(0)} ms, ${refused} refused`,
    `${minute.starts} starts, ${minute.tasks} tasks, ${minute.completed} completed, ${minute.closings} closings`,
    `${minute.residentMb.toFixed(0)} MB`,
    `oldest in a queue ${queueAgeSeconds.toFixed(1)} s${queue}`,
    `${deadRows} of ${liveRows + deadRows} rows dead`,
    `database ${minute.databaseMb} MB`,
  ].join('; ');
}

export interface Verdict {
  what: string;
  reached: string;
  isMet: boolean;
}

/** Maximum growth of memory since the first third, which counts as warming up. */
const flatFactor = 1.15;
/** Maximum age of an item in a queue, in seconds. */
const mostAgeSeconds = 10;
/** Postgres vacuums a table when a fifth of its rows are dead, at most a minute later. */
const mostDeadShare = 0.4;
/** Small tables that are written all the time have some dead rows between two vacuums. */
const fewDeadRows = 20_000;

/** Judges all minutes together. With fewer than three there is nothing to compare. */
export function judge(minutes: readonly Minute[]): Verdict[] {
  const third = Math.floor(minutes.length / 3);
  const middle = minutes.slice(third, minutes.length - third);
  const end = minutes.slice(minutes.length - third);
  const typical = (some: readonly Minute[], figure: (minute: Minute) => number) => median(some.map(figure));
  const memory = [middle, end].map((some) => typical(some, ({ residentMb }) => residentMb)) as [number, number];
  const ages = minutes.map(({ queueAgeSeconds }) => queueAgeSeconds);
  const last = minutes.at(-1);
  const refused = minutes.reduce((sum, minute) => sum + minute.refused, 0);
  const { deadRows = 0, liveRows = 0, tasks = 0, completed = 0 } = last ?? {};
  return [
    { what: 'every delivery acknowledged', reached: `${refused} refused`, isMet: refused === 0 },
    {
      what: 'memory flat',
      reached: memory.map((megabytes) => `${megabytes.toFixed(0)} MB`).join(' → '),
      isMet: memory[1] <= memory[0] * flatFactor,
    },
    {
      what: 'queues kept up',
      reached: `at most ${Math.max(...ages).toFixed(1)} s`,
      isMet: Math.max(...ages) <= mostAgeSeconds,
    },
    {
      what: 'dead rows in hand',
      reached: `${deadRows} beside ${liveRows} live ones`,
      isMet: deadRows <= Math.max(liveRows * mostDeadShare, fewDeadRows),
    },
    {
      what: 'tasks completed as they came',
      reached: `${tasks - completed} open of ${tasks}`,
      isMet: tasks - completed <= Math.max(tasks * 0.05, 20),
    },
  ];
}
