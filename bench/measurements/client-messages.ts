import postgres from 'postgres';
import { messageDeliveries } from '../deliveries.ts';
import { benchProcess, processFile } from '../process-files.ts';
import { compare, describeReached, type Reached } from '../rounds.ts';
import { settled, until } from '../settled.ts';
import type { World } from '../world.ts';

/**
 * Sends clients' messages that each start a process to Kickoff and, in turns, to a Bolt app that inserts them. A round ends
 * when the last message is acknowledged or, with `untilTasksOpen`, when the last process has its user task.
 */
export async function compareOnClientMessages(
  world: World,
  tell: (detail: string) => void,
  { count, untilTasksOpen = false }: { count: number; untilTasksOpen?: boolean },
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
    }),
  ]);
  const message = { channels: workspace.clientChannels, userId: workspace.client, userTeamId: workspace.clientTeamId };
  const requests = () => messageDeliveries(workspace, message, count);
  const openTasks = async () => Number((await watch`select count(*) as n from engine_tasks`)[0]?.n);
  const aim = async () => {
    const wanted = (await openTasks()) + count;
    return () => until(async () => (await openTasks()) >= wanted);
  };
  const [first, second] = await compare(
    [
      { name: 'Bolt with insert', server: bolt, requests },
      {
        name: 'Kickoff',
        server: kickoff,
        requests,
        aim: untilTasksOpen ? aim : undefined,
        settle: () => settled(watch),
      },
    ],
    options.rounds,
  );
  await watch.end();
  await Promise.all([bolt.stop(), kickoff.stop()]);
  if (!first || !second) throw new Error('there were no rounds');
  tell(describeReached('Bolt with insert', first));
  tell(describeReached(untilTasksOpen ? 'Kickoff, complete start' : 'Kickoff, bound client message', second));
  return { bolt: first, kickoff: second };
}
