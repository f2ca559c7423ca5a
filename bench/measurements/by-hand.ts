import { setTimeout } from 'node:timers/promises';
import postgres from 'postgres';
import { sendLoad } from '../load.ts';
import { mixedDeliveries } from '../mixed-deliveries.ts';
import { benchProcess, processFile } from '../process-files.ts';
import { settled } from '../settled.ts';
import { quantile } from '../statistics.ts';
import type { Measurement } from './measurement.ts';

const targetMs = 300;
/** One in this many messages is a client's and starts a process. */
const clientShare = 5;
/** How long a person waits between two modals, in milliseconds. */
const pauseMs = 50;

/**
 * A person starts processes by hand while messages come in as fast as they are acknowledged: time until the modal is open. Each
 * round is a Kickoff that has just started, whose first modal is the slowest.
 */
export const measureByHand: Measurement = async (world, tell) => {
  const { quick } = world.options;
  const messages = quick ? 2000 : 10_000;
  const firsts: number[] = [];
  const times: number[] = [];
  for (let round = 0; round < (quick ? 1 : 3); round += 1) {
    const databaseUrl = await world.createLiveChatDatabase();
    const kickoff = await world.startKickoff({
      databaseUrl,
      processesDir: await world.processesDirectory([
        processFile({ ...benchProcess, assignees: world.workspace.staff }),
      ]),
      // The person opens more modals in a row than Slack's limit per minute.
      isUnlimited: true,
    });
    const channel = world.workspace.clientChannels[0] ?? '';
    const { ts } = await world.slack({ do: 'write', userId: world.workspace.client, channel, text: 'A question' });
    let isOver = false;
    const load = sendLoad({ port: kickoff.port, requests: mixedDeliveries(world, messages, clientShare) }).finally(
      () => {
        isOver = true;
      },
    );
    const opened: number[] = [];
    while (!isOver) {
      const { openedMs } = await world.slack({
        do: 'use-shortcut',
        kickoffPort: kickoff.port,
        userId: world.workspace.operator,
        callbackId: 'start_process',
        channel,
        ts,
      });
      opened.push(openedMs);
      await setTimeout(pauseMs);
    }
    await load;
    firsts.push(opened[0] ?? Number.NaN);
    times.push(...opened);
    const watch = postgres(databaseUrl, { max: 1 });
    await settled(watch);
    await watch.end();
    await kickoff.stop();
  }
  tell(`the first modal of each Kickoff opened in ${firsts.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  const worst = Math.max(...times);
  return [
    {
      what: `Modal opens while ${messages} messages arrive`,
      reached: `p99 ${quantile(times, 0.99).toFixed(0)} ms, worst ${worst.toFixed(0)} ms of ${times.length}`,
      target: `worst < ${targetMs} ms`,
      met: worst < targetMs,
    },
  ];
};
