import { setTimeout } from 'node:timers/promises';
import { type RawRequest, sendLoad } from './load.ts';

/**
 * Sends requests at a steady pace, whether or not earlier ones are answered, and waits for every answer.
 *
 * @param onSend called with each request just before it is sent
 * @returns the latency of each, in milliseconds; infinite if it was refused
 */
export async function sendSteadily(
  port: number,
  requests: readonly RawRequest[],
  perSecond: number,
  onSend: (request: RawRequest) => void = () => {},
): Promise<number[]> {
  const answered: Promise<number>[] = [];
  const begun = performance.now();
  for (const [index, request] of requests.entries()) {
    await setTimeout(Math.max(0, begun + (index * 1000) / perSecond - performance.now()));
    onSend(request);
    answered.push(
      sendLoad({ port, requests: [request], concurrency: 1 }).then(
        ({ latencies }) => latencies[0] ?? Number.NaN,
        () => Number.POSITIVE_INFINITY,
      ),
    );
  }
  return Promise.all(answered);
}
