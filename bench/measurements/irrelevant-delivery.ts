import { messageDeliveries } from '../deliveries.ts';
import { benchProcess, processFile } from '../process-files.ts';
import { compare, describeReached } from '../rounds.ts';
import { rateLine } from '../table.ts';
import type { Measurement } from './measurement.ts';

/** Messages in conversations without a live chat, compared with a Bolt app that does nothing. */
export const measureIrrelevantDelivery: Measurement = async (world, tell) => {
  const { options, workspace } = world;
  const bolt = await world.startBolt();
  const kickoff = await world.startKickoff({
    databaseUrl: await world.createLiveChatDatabase(),
    processesDir: await world.processesDirectory([processFile(benchProcess)]),
  });
  const message = { channels: workspace.otherChannels, userId: workspace.client, userTeamId: workspace.clientTeamId };
  const requests = () => messageDeliveries(workspace, message, options.deliveries);
  const [bare, reached] = await compare(
    [
      { name: 'bare Bolt', server: bolt, requests },
      { name: 'Kickoff', server: kickoff, requests },
    ],
    options.rounds,
  );
  await Promise.all([bolt.stop(), kickoff.stop()]);
  if (!bare || !reached) return [];
  tell(describeReached('bare Bolt', bare));
  tell(describeReached('Kickoff, irrelevant delivery', reached));
  const baseline = { name: 'bare Bolt', rate: bare.rate };
  return [rateLine('Irrelevant delivery', baseline, { rate: reached.rate, unit: 'deliveries' }, reached.ratio, 0.9)];
};
