import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import postgres from 'postgres';
import { openDatabase } from '../../src/db/client.ts';
import { createEmbeddedEngine } from '../../src/engines/embedded/embedded-engine.ts';
import { type InstanceState, rootToken } from '../../src/engines/embedded/interpreter/instance-state.ts';
import { initialState, interpret } from '../../src/engines/embedded/interpreter/interpreter.ts';
import { readFile } from '../../src/engines/embedded/reading/read-file.ts';
import { insertBare, type Sample, takeSample, updateBare } from '../bare-rows.ts';
import { engineProcess, engineVariables } from '../engine-process.ts';
import { median } from '../statistics.ts';
import { rateLine } from '../table.ts';
import type { Measurement } from './measurement.ts';

const atOnce = 8;
const startTarget = 0.55;
const completionTarget = 0.4;
const stateTarget = 1024;

/**
 * Starts to the first wait state and completions of a task, one transaction each, compared with the same rows without an
 * engine.
 */
export const measureEngine: Measurement = async (world, tell) => {
  const { rounds, starts } = world.options;
  const databaseUrl = await world.postgres.createDatabase();
  const logger = pino({ level: 'silent' });
  const database = await openDatabase({ databaseUrl, dataDir: '', logger });
  const processesDir = await world.processesDirectory([engineProcess('ordinary', true)]);
  const engine = await createEmbeddedEngine({ database, processesDir, jobHandlers: {}, logger });
  const client = postgres(databaseUrl, { max: 10 });
  const start = async () => {
    const request = { startId: randomUUID(), processDefinitionId: 'ordinary', variables: engineVariables };
    return (await engine.startProcessInstance(request)).processInstanceKey;
  };
  const complete = (key: string, token: number) =>
    engine.completeUserTask({ taskKey: `${key}-${token}`, variables: { checked: true }, completedBy: 'U1' });

  const key = await start();
  const started = await takeSample(client, key);
  const firstTask = tokenAt(JSON.parse(started.state) as InstanceState, 'first');
  await complete(key, firstTask);
  const sample: Sample = { definitionKey: started.definitionKey, started, completed: await takeSample(client, key) };
  const [size] = await client<{ bytes: number }[]>`select pg_column_size(${started.state}::text::jsonb)::int as bytes`;

  const rates = {
    bareStarts: [] as number[],
    starts: [] as number[],
    bareUpdates: [] as number[],
    updates: [] as number[],
  };
  for (let round = 0; round <= rounds; round += 1) {
    const bareKeys: string[] = [];
    const keys: string[] = [];
    const contenders = [
      async () => {
        const bare = await rateOf(starts, async () => void bareKeys.push(await insertBare(client, sample)));
        return {
          bareStarts: bare,
          bareUpdates: await rateOf(starts, (n) => updateBare(client, bareKeys[n] ?? '', sample)),
        };
      },
      async () => {
        const own = await rateOf(starts, async () => void keys.push(await start()));
        return { starts: own, updates: await rateOf(starts, (n) => complete(keys[n] ?? '', firstTask)) };
      },
    ];
    // The contenders take turns in going first. The first round does not count.
    const [one, two] = round % 2 === 0 ? contenders : contenders.reverse();
    const reached = { ...(await one?.()), ...(await two?.()) } as Record<keyof typeof rates, number>;
    if (round === 0) continue;
    for (const name of Object.keys(rates) as (keyof typeof rates)[]) rates[name].push(reached[name]);
  }
  await client.end();
  await database.close();
  await tellOfFeel(tell);
  const ratio = (own: number[], bare: number[]) => median(own.map((rate, n) => rate / (bare[n] ?? Number.NaN)));
  const bytes = size?.bytes ?? Number.NaN;
  return [
    rateLine(
      `Start to the first user task, ${atOnce} at once`,
      { name: 'bare inserts', rate: median(rates.bareStarts) },
      { rate: median(rates.starts), unit: 'starts' },
      ratio(rates.starts, rates.bareStarts),
      startTarget,
    ),
    rateLine(
      `Completion to the next user task, ${atOnce} at once`,
      { name: 'bare updates', rate: median(rates.bareUpdates) },
      { rate: median(rates.updates), unit: 'completions' },
      ratio(rates.updates, rates.bareUpdates),
      completionTarget,
    ),
    {
      what: 'State of a waiting instance',
      reached: `${bytes} bytes, ${JSON.stringify(engineVariables).length} of its variables`,
      target: `< ${stateTarget}`,
      met: bytes < stateTarget,
    },
  ];
};

/** Operations per second, with `atOnce` running concurrently. */
async function rateOf(count: number, work: (n: number) => Promise<void>): Promise<number> {
  let next = 0;
  const worker = async () => {
    for (let n = next++; n < count; n = next++) await work(n);
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: atOnce }, worker));
  return (count / (performance.now() - begun)) * 1000;
}

/** Measures the interpreter's time for a start and a completion, and the share of FEEL. */
async function tellOfFeel(tell: (detail: string) => void): Promise<void> {
  const [feel, plain] = [await interpreting(true), await interpreting(false)];
  const rounds = Array.from({ length: 40 }, () => [feel(), plain()] as const);
  // The first rounds are for warming up.
  const counted = rounds.slice(10);
  const all = median(counted.map(([withFeel]) => withFeel));
  const share = median(counted.map(([withFeel, without]) => withFeel - without));
  tell(`a start and a completion are interpreted in ${all.toFixed(0)} µs, ${share.toFixed(0)} of them FEEL`);
}

/** Returns a function that interprets a process 500 times and returns the mean time, in microseconds. */
async function interpreting(hasFeel: boolean): Promise<() => number> {
  const { models } = await readFile(engineProcess('ordinary', hasFeel).text);
  const [model] = models;
  if (!model) throw new Error('the process is refused');
  const now = new Date();
  const once = () => {
    const { state } = interpret(model, initialState, { kind: 'start', variables: engineVariables }, now);
    interpret(model, state, { kind: 'complete', token: tokenAt(state, 'first'), variables: { checked: true } }, now);
  };
  const times = 500;
  return () => {
    const begun = performance.now();
    for (let n = 0; n < times; n += 1) once();
    return ((performance.now() - begun) / times) * 1000;
  };
}

function tokenAt({ tokens }: InstanceState, element: string): number {
  const found = Object.entries(tokens).find(([, token]) => token.element === element);
  return Number(found?.[0] ?? rootToken);
}
