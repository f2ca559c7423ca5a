import { cpus } from 'node:os';
import { measureAtScale } from './measurements/at-scale.ts';
import { measureByHand } from './measurements/by-hand.ts';
import { measureClientMessage, measureCompleteStart } from './measurements/client-message.ts';
import { measureConditions } from './measurements/conditions.ts';
import { measureEngine } from './measurements/engine.ts';
import { measureEngineScale } from './measurements/engine-scale.ts';
import { measureEngines } from './measurements/engines.ts';
import { measureIrrelevantDelivery } from './measurements/irrelevant-delivery.ts';
import type { Measurement } from './measurements/measurement.ts';
import { measureMemory } from './measurements/memory.ts';
import { measureMetrics } from './measurements/metrics.ts';
import { measureProcessSearch } from './measurements/process-search.ts';
import { measureReplicas } from './measurements/replicas.ts';
import { measureRetention } from './measurements/retention.ts';
import { measureStartUp } from './measurements/start-up.ts';
import { measureSteadyStarts } from './measurements/steady-starts.ts';
import { measureTelling } from './measurements/telling.ts';
import { measureWaits } from './measurements/waits.ts';
import { type BenchOptions, type MeasurementName, readOptions } from './options.ts';
import { formatTable, type Line } from './table.ts';
import { openWorld, type World } from './world.ts';

const measurements: Record<MeasurementName, Measurement> = {
  irrelevant: measureIrrelevantDelivery,
  message: measureClientMessage,
  conditions: measureConditions,
  waits: measureWaits,
  start: measureCompleteStart,
  'steady-starts': measureSteadyStarts,
  telling: measureTelling,
  'by-hand': measureByHand,
  'at-scale': measureAtScale,
  retention: measureRetention,
  replicas: measureReplicas,
  metrics: measureMetrics,
  search: measureProcessSearch,
  memory: measureMemory,
  startup: measureStartUp,
  engine: measureEngine,
  'engine-scale': measureEngineScale,
  engines: measureEngines,
};

try {
  await main(readOptions(process.argv.slice(2), process.env));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
// A failed measurement may leave timers and connections open.
process.exit();

/** Runs the measurements one after the other and prints them as one table. */
async function main(options: BenchOptions): Promise<void> {
  const world = await openWorld(options);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void world.close().finally(() => process.exit(1)));
  }
  try {
    const processors = cpus();
    console.log(
      `Node ${process.version}, ${world.postgres.description}, ${processors.length} × ${processors[0]?.model}`,
    );
    if (options.quick) console.log('Quick: the figures say little.');
    const lines: Line[] = [];
    for (const name of options.only) lines.push(...(await measure(world, name)));
    console.log(`\n${formatTable(lines)}`);
  } finally {
    await world.close();
  }
}

async function measure(world: World, name: MeasurementName): Promise<Line[]> {
  const begun = performance.now();
  const lines = await measurements[name](world, (detail) => console.log(`  ${detail}`));
  console.log(`  ${name}: measured in ${Math.round((performance.now() - begun) / 1000)} s`);
  return lines;
}
