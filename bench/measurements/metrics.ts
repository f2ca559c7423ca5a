import postgres from 'postgres';
import { messageDeliveries } from '../deliveries.ts';
import { benchProcess, processFile } from '../process-files.ts';
import { compare, describeReached } from '../rounds.ts';
import { settled } from '../settled.ts';
import { rateLine } from '../table.ts';
import { metricsToken } from '../world.ts';
import type { Measurement } from './measurement.ts';

/** Longer rounds than elsewhere, so that the metrics are read several times in each. */
const roundFactor = 3;

/** Clients' messages while `/metrics` is read every second, compared with the same messages without that. */
export const measureMetrics: Measurement = async (world, tell) => {
  const { options, workspace } = world;
  const databaseUrl = await world.createLiveChatDatabase();
  const server = await world.startKickoff({
    databaseUrl,
    processesDir: await world.processesDirectory([processFile({ ...benchProcess, assignees: workspace.staff })]),
  });
  const watch = postgres(databaseUrl, { max: 1 });
  const message = { channels: workspace.clientChannels, userId: workspace.client, userTeamId: workspace.clientTeamId };
  const read = async () => {
    const url = `http://127.0.0.1:${server.port}/metrics`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${metricsToken}` } });
    if (!(await answer.text()).includes('kickoff_queue_due')) throw new Error('/metrics tells of no queues');
  };
  const contender = {
    server,
    requests: () => messageDeliveries(workspace, message, options.deliveries * roundFactor),
    settle: () => settled(watch),
  };
  const [unread, isRead] = await compare(
    [
      { ...contender, name: 'Kickoff', aim: async () => async () => {} },
      {
        ...contender,
        name: 'Kickoff, metrics read each second',
        aim: async () => {
          const reads = [read()];
          const timer = setInterval(() => reads.push(read()), 1000);
          return async () => {
            clearInterval(timer);
            await Promise.all(reads);
          };
        },
      },
    ],
    options.rounds,
  );
  await watch.end();
  await server.stop();
  if (!unread || !isRead) return [];
  tell(describeReached('Kickoff', unread));
  tell(describeReached('Kickoff, metrics read each second', isRead));
  const baseline = { name: 'not read', rate: unread.rate };
  const reached = { rate: isRead.rate, unit: 'deliveries' };
  return [rateLine('Client message, metrics read each second', baseline, reached, isRead.ratio, 0.97)];
};
