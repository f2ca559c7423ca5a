import { type LoadResult, type RawRequest, sendLoad } from './load.ts';
import type { NodeProcess } from './node-process.ts';
import { median, quantile } from './statistics.ts';

/** One of the compared servers. */
export interface Contender {
  name: string;
  server: NodeProcess;
  /** Makes new requests, before each round. */
  requests(): RawRequest[];
  /** Called at the beginning of a round. The round lasts until the returned function resolves. */
  aim?: (() => Promise<() => Promise<void>>) | undefined;
  /** Waits until the server is idle, so that it does not disturb the next contender's round. */
  settle?: (() => Promise<void>) | undefined;
}

export interface Reached {
  /** Median of the rounds, per second. */
  rate: number;
  /** Median over the rounds of each round's rate to that of the first contender in the same round. */
  ratio: number;
  p50: number;
  p99: number;
  /** Processor time of the server per request, in microseconds; NaN if the system does not report it. */
  cpuUs: number;
}

/** The contenders take turns for `rounds` rounds, after one round that does not count. */
export async function compare(contenders: Contender[], rounds: number): Promise<Reached[]> {
  const results = contenders.map(() => ({ rates: [] as number[], latencies: [] as number[], cpuUs: [] as number[] }));
  for (let round = 0; round <= rounds; round += 1) {
    // Every other round runs backwards, so that the order favours none.
    const order = contenders.map((_, index) => index);
    for (const index of round % 2 === 0 ? order : order.reverse()) {
      const contender = contenders[index];
      const result = results[index];
      if (!contender || !result) continue;
      const { rate, latencies, cpuUs } = await play(contender);
      if (round === 0) continue;
      result.rates.push(rate);
      result.latencies.push(...latencies);
      result.cpuUs.push(cpuUs);
    }
  }
  const first = results[0]?.rates ?? [];
  return results.map(({ rates, latencies, cpuUs }) => ({
    rate: median(rates),
    ratio: median(rates.map((rate, round) => rate / (first[round] ?? Number.NaN))),
    p50: median(latencies),
    p99: quantile(latencies, 0.99),
    cpuUs: median(cpuUs),
  }));
}

async function play({ server, requests, aim, settle }: Contender): Promise<LoadResult & { cpuUs: number }> {
  const ready = requests();
  const reachAim = await aim?.();
  const cpuBefore = await server.cpuMs();
  const begun = performance.now();
  const load = await sendLoad({ port: server.port, requests: ready });
  await reachAim?.();
  const elapsedMs = performance.now() - begun;
  const cpu = ((await server.cpuMs()) ?? Number.NaN) - (cpuBefore ?? Number.NaN);
  await settle?.();
  // With an aim, the rate counts until the aim is reached.
  const rate = reachAim ? (ready.length / elapsedMs) * 1000 : load.rate;
  return { ...load, rate, cpuUs: (cpu * 1000) / ready.length };
}

/** Formats `name: 12.3 ms p50, 45.6 ms p99, 210 µs of processor time each`, for the log beside the table. */
export function describeReached(name: string, { rate, p50, p99, cpuUs }: Reached): string {
  const cpu = Number.isNaN(cpuUs) ? '' : `, ${Math.round(cpuUs)} µs of processor time each`;
  return `${name}: ${Math.round(rate)}/s; acknowledged in ${p50.toFixed(1)} ms p50, ${p99.toFixed(1)} ms p99${cpu}`;
}
