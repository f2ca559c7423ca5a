import { setTimeout } from 'node:timers/promises';
import postgres from 'postgres';
import { sendLoad } from '../load.ts';
import { mixedDeliveries } from '../mixed-deliveries.ts';
import { benchProcess, processFile } from '../process-files.ts';
import { settled } from '../settled.ts';
import { median } from '../statistics.ts';
import type { Line } from '../table.ts';
import type { World } from '../world.ts';
import type { Measurement } from './measurement.ts';

const targetMb = 200;
/** Includes the embedded database, idle in the same process. */
const idleTargetMb = 250;
const idleMs = 10_000;
/** Growth of memory that still counts as flat: the normal variation of the garbage collector. */
const flatFactor = 1.1;
/** One in this many deliveries is a client's and starts a process. */
const clientShare = 5;
const batches = 50;

/** Kickoff's resident memory while it is idle on the embedded database. */
const measureIdle = async (world: World): Promise<Line> => {
  const kickoff = await world.startKickoff({ processesDir: 'processes' });
  await setTimeout(idleMs);
  const megabytes = await kickoff.residentMb();
  await kickoff.stop();
  return {
    what: 'Resident memory when idle, embedded database',
    reached: `${Math.round(megabytes)} MB`,
    target: `< ${idleTargetMb} MB`,
    met: megabytes < idleTargetMb,
  };
};

/** Kickoff's resident memory: idle; and over many deliveries, most of them irrelevant, some starting a process. */
export const measureMemory: Measurement = async (world, tell) => {
  const { memoryDeliveries } = world.options;
  const idle = await measureIdle(world);
  const databaseUrl = await world.createLiveChatDatabase();
  const database = postgres(databaseUrl, { max: 1 });
  const kickoff = await world.startKickoff({
    databaseUrl,
    processesDir: await world.processesDirectory([processFile(benchProcess)]),
  });
  const atStart = await kickoff.residentMb();
  const samples: number[] = [];
  const watch = setInterval(() => {
    kickoff.residentMb().then(
      (megabytes) => samples.push(megabytes),
      () => {},
    );
  }, 200);
  const marks: { peak: number; typical: number }[] = [];
  for (let batch = 0; batch < batches; batch += 1) {
    await sendLoad({ port: kickoff.port, requests: mixedDeliveries(world, memoryDeliveries / batches, clientShare) });
    if ((batch + 1) % (batches / 5) !== 0) continue;
    await settled(database);
    samples.push(await kickoff.residentMb());
    marks.push({ peak: Math.max(...samples), typical: median(samples) });
    samples.length = 0;
  }
  clearInterval(watch);
  await database.end();
  await kickoff.stop();
  const begin = marks[0]?.typical ?? Number.NaN;
  const end = marks.at(-1)?.typical ?? Number.NaN;
  const peak = Math.max(...marks.map((mark) => mark.peak));
  tell(
    `resident memory: ${Math.round(atStart)} MB at start, then by fifths of ${memoryDeliveries} deliveries ${marks
      .map((mark) => `${Math.round(mark.typical)} (peak ${Math.round(mark.peak)})`)
      .join(', ')} MB`,
  );
  return [
    idle,
    {
      what: `Resident memory, ${memoryDeliveries} deliveries`,
      reached: `${Math.round(end)} MB, peak ${Math.round(peak)} MB`,
      target: `< ${targetMb} MB`,
      met: peak < targetMb,
    },
    {
      what: 'Resident memory, last fifth to first',
      reached: `${Math.round(begin)} → ${Math.round(end)} MB`,
      ratio: end / begin,
      target: `flat (≤ ${flatFactor})`,
      met: end <= begin * flatFactor,
    },
  ];
};
