import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { openDatabase } from '../../src/db/client.ts';
import type { ProcessEngine } from '../../src/engines/engine.ts';
import { countCalls } from '../count-calls.ts';
import { camunda8 } from '../engines/camunda8.ts';
import { elma365 } from '../engines/elma365.ts';
import {
  type DirectClient,
  type MeasuredEngine,
  type MeasuredEngineKind,
  type OwnParts,
  startVariables,
} from '../engines/measured-engine.ts';
import { operaton } from '../engines/operaton.ts';
import type { BenchOptions } from '../options.ts';
import { median } from '../statistics.ts';
import { type Line, rateLine } from '../table.ts';
import type { Measurement } from './measurement.ts';

/** Number of concurrent calls, of Kickoff as well as of the direct client. */
const atOnce = 8;
const targetRatio = 0.7;
const openInstances = 1000;
/** How long the engine runs before idle calls are counted, in milliseconds. */
const settlingMs = 20_000;

const kinds = [operaton('operaton', 'Operaton'), operaton('camunda', 'Camunda 7'), camunda8, elma365];

/** Starts through each external engine, compared with direct calls of its API, and the calls made while nothing happens. */
export const measureEngines: Measurement = async (world, tell) => {
  const lines: Line[] = [];
  for (const kind of kinds) {
    const databaseUrl = await world.postgres.createDatabase();
    const logger = pino({ level: 'silent' });
    const database = await openDatabase({ databaseUrl, dataDir: '', logger });
    lines.push(...(await measureKind(kind, { world, database, logger })));
    await database.close();
    tell(`${kind.name}: done`);
  }
  return lines;
};

async function measureKind(kind: MeasuredEngineKind, own: OwnParts): Promise<Line[]> {
  const opened = await kind.open(own);
  if (typeof opened === 'string') return [{ what: kind.name, reached: `not measured: ${opened}` }];
  const { rounds, starts } = own.world.options;
  const { direct } = opened;
  const engine = await opened.connect();
  const through = throughKickoff(engine, opened.processDefinitionId);
  try {
    // Reads the definitions before the first start.
    await engine.listProcessDefinitions();
    await many(openInstances, through.start);
    const idle = await measureIdle(kind, opened, own.world.options);
    const lines = [await compareStarts(kind.name, { direct, through, rounds, count: starts / 10 })];
    if (direct.readTask) lines.push(await compareTasks(kind.name, { direct, through, rounds, count: starts / 50 }));
    return [...lines, idle];
  } finally {
    await engine.stop();
    await opened.close();
  }
}

/** The operations of the direct client, made through Kickoff's engine. */
function throughKickoff(engine: ProcessEngine, processDefinitionId: string): Required<DirectClient> {
  return {
    async start() {
      const request = { startId: randomUUID(), processDefinitionId, variables: startVariables };
      return (await engine.startProcessInstance(request)).processInstanceKey;
    },
    async readTask(instance) {
      while ((await engine.listUserTasks(instance)).length === 0);
    },
  };
}

async function measureIdle(
  { name, idleCalls }: MeasuredEngineKind,
  { connect, origin }: MeasuredEngine,
  { quick }: BenchOptions,
): Promise<Line> {
  const engine = await connect();
  await engine.start();
  await delay(quick ? 5000 : settlingMs);
  const calls = countCalls(origin);
  const countedMs = quick ? 30_000 : 60_000;
  await delay(countedMs);
  const aMinute = (calls.stop() * 60_000) / countedMs;
  await engine.stop();
  return {
    what: `${name}: calls a minute, ${openInstances} open`,
    reached: `${Math.round(aMinute)} calls`,
    target: `≤ ${idleCalls}`,
    met: aMinute <= idleCalls,
  };
}

interface Compared {
  direct: DirectClient;
  through: DirectClient;
  rounds: number;
  /** Starts per round. */
  count: number;
}

async function compareStarts(name: string, { direct, through, rounds, count }: Compared): Promise<Line> {
  const reached = await takeTurns(rounds, [direct, through], ({ start }) => many(count, start));
  const [directRate = Number.NaN, rate = Number.NaN] = reached.map((times) => (count / median(times)) * 1000);
  return rateLine(
    `${name}: starts, ${atOnce} at once`,
    { name: 'direct', rate: directRate },
    { rate, unit: 'starts' },
    ratioOf(reached),
    targetRatio,
  );
}

/** Makes the starts one after the other, like one person. */
async function compareTasks(name: string, { direct, through, rounds, count }: Compared): Promise<Line> {
  const reached = await takeTurns(rounds, [direct, through], async ({ start, readTask }) => {
    const begun = performance.now();
    for (let n = 0; n < count; n += 1) await readTask?.(await start());
    return (performance.now() - begun) / count;
  });
  const [directMs = Number.NaN, ms = Number.NaN] = reached.map(median);
  const ratio = ratioOf(reached);
  return {
    what: `${name}: start to its task`,
    baseline: `direct ${directMs.toFixed(1)} ms`,
    reached: `${ms.toFixed(1)} ms`,
    ratio,
    target: `≥ ${targetRatio}`,
    met: ratio >= targetRatio,
  };
}

/** Times of both contenders in each round. They take turns in going first. The first round does not count. */
async function takeTurns(
  rounds: number,
  clients: [DirectClient, DirectClient],
  play: (client: DirectClient) => Promise<number>,
): Promise<[number[], number[]]> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round += 1) {
    const order = round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    for (const index of order) {
      const time = await play(clients[index]);
      if (round > 0) times[index].push(time);
    }
  }
  return times;
}

/** Median over the rounds of the first's time divided by the second's. */
const ratioOf = ([one, other]: [number[], number[]]) => median(one.map((time, n) => time / (other[n] ?? Number.NaN)));

/** Runs `work` `count` times, {@link atOnce} concurrently, and returns the time this took, in milliseconds. */
async function many(count: number, work: () => Promise<unknown>): Promise<number> {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await work();
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: atOnce }, worker));
  return performance.now() - begun;
}
