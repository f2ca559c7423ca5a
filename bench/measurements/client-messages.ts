import postgres from 'postgres';
import { messageDeliveries } from '../deliveries.ts';
import { benchProcess, processFile } from '../process-files.ts';
import { compare, describeReached, type Reached } from '../rounds.ts';
import { allTold, settled, until } from '../settled.ts';
import type { World } from '../world.ts';

/**
 * Sends clients' messages that each start a process to Kickoff and, in turns, to a Bolt app that inserts them. A round ends
 * when the last message is acknowledged, or when the last process has its user task committed or its assignee told. Slack has no
 * limits in the last case.
 */
export async function compareOnClientMessages(
  world: World,
  tell: (detail: string) => void,
  { count, until: end = 'acknowledged' }: { count: number; until?: 'acknowledged' | 'committed' | 'told' },
): Promise<{ bolt: Reached; kickoff: Reached }> {
  const { options, workspace } = world;
  const databaseUrl = await world.createLiveChatDatabase();
  const watch = postgres(databaseUrl, { max: 1 });
  const [bolt, kickoff] = await Promise.all([
    world.startBolt(await world.postgres.createDatabase()),
    world.startKickoff({
      databaseUrl,
      processesDir: await world.processesDirectory([
        processFile({ ...benchProcess, assignees: world.workspace.staff }),
      ]),
      isUnlimited: end === 'told',
    }),
  ]);
  const message = { channels: workspace.clientChannels, userId: workspace.client, userTeamId: workspace.clientTeamId };
  const requests = () => messageDeliveries(workspace, message, count);
  const openTasks = async () => Number((await watch`select count(*) as n from engine_tasks`)[0]?.n);
  const aims = {
    acknowledged: undefined,
    committed: async () => {
      const wanted = (await openTasks()) + count;
      return () => until(async () => (await openTasks()) >= wanted);
    },
    told: async () => () => allTold(watch),
  };
  const [first, second] = await compare(
    [
      { name: 'Bolt with insert', server: bolt, requests },
      {
        name: 'Kickoff',
        server: kickoff,
        requests,
        aim: aims[end],
        settle: () => settled(watch),
      },
    ],
    options.rounds,
  );
  await watch.end();
  await Promise.all([bolt.stop(), kickoff.stop()]);
  if (!first || !second) throw new Error('there were no rounds');
  tell(describeReached('Bolt with insert', first));
  tell(describeReached(`Kickoff, client message until ${end}`, second));
  return { bolt: first, kickoff: second };
}
