import postgres from 'postgres';
import { messageDeliveries } from '../deliveries.ts';
import { sendLoad } from '../load.ts';
import type { NodeProcess } from '../node-process.ts';
import { benchProcess, processFile } from '../process-files.ts';
import { allTold } from '../settled.ts';
import { statementsOf } from '../statements.ts';
import { sendSteadily } from '../steady-load.ts';
import type { World } from '../world.ts';
import type { Measurement } from './measurement.ts';

const perSecond = 60;
const mostReplicas = 3;
/** Maximum cost of a start with several replicas, relative to one. */
const targetRatio = 1.25;

/**
 * The cost of a start with one, two and three replicas. They share this machine's processors, so this does not measure their
 * combined throughput. But if they disturbed each other, by claims that find nothing or by needless wake-ups, each start would
 * take more processor time and statements.
 */
export const measureReplicas: Measurement = async (world, tell) => {
  const seconds = world.options.quick ? 4 : 12;
  const costs: Cost[] = [];
  for (let count = 1; count <= mostReplicas; count += 1) {
    const cost = await costWith(world, count, seconds);
    costs.push(cost);
    tell(
      `${count} ${count === 1 ? 'replica' : 'replicas'}: ${cost.cpuMs.toFixed(1)} ms of processor time and ${cost.statements.toFixed(1)} statements a start`,
    );
  }
  const [one, ...more] = costs;
  if (!one) return [];
  return more.map((cost, index) => {
    const ratio = Math.max(cost.cpuMs / one.cpuMs, cost.statements / one.statements);
    return {
      what: `Cost of a start with ${index + 2} replicas, at ${perSecond}/s`,
      baseline: `one replica ${describeCost(one)}`,
      reached: describeCost(cost),
      ratio,
      target: `≤ ${targetRatio}`,
      met: ratio <= targetRatio,
    };
  });
};

interface Cost {
  /** Processor time of all replicas, in milliseconds. */
  cpuMs: number;
  statements: number;
}

const describeCost = ({ cpuMs, statements }: Cost) => `${cpuMs.toFixed(1)} ms, ${statements.toFixed(1)} statements`;

async function costWith(world: World, count: number, seconds: number): Promise<Cost> {
  const { workspace } = world;
  const databaseUrl = await world.createLiveChatDatabase();
  const processesDir = await world.processesDirectory([processFile({ ...benchProcess, assignees: workspace.staff })]);
  // One after the other, because they migrate the tables.
  const replicas: NodeProcess[] = [];
  for (let n = 0; n < count; n += 1) {
    replicas.push(await world.startKickoff({ databaseUrl, processesDir, isUnlimited: true }));
  }
  const watch = postgres(databaseUrl, { max: 1 });
  const message = { channels: workspace.clientChannels, userId: workspace.client, userTeamId: workspace.clientTeamId };
  const send = async (each: number) => {
    await Promise.all(
      replicas.map(({ port }) =>
        sendSteadily(port, messageDeliveries(workspace, message, each), perSecond / replicas.length),
      ),
    );
    await allTold(watch);
  };
  const total = async (figure: (replica: NodeProcess) => Promise<number | undefined>) => {
    const figures = await Promise.all(replicas.map(figure));
    return figures.reduce<number>((sum, one) => sum + (one ?? Number.NaN), 0);
  };
  const countStatements = () => total(({ port }) => statementsOf(port));
  // Warms up each replica alike, however many there are: code is compiled and statements are prepared.
  for (const { port } of replicas) {
    await sendLoad({ port, requests: messageDeliveries(workspace, message, world.options.quick ? perSecond : 1000) });
  }
  await allTold(watch);
  await send(perSecond);
  const cpuMs = await total((replica) => replica.cpuMs());
  const statements = await countStatements();
  const each = (perSecond * seconds) / count;
  await send(each);
  const starts = each * count;
  const cost = {
    cpuMs: ((await total((replica) => replica.cpuMs())) - cpuMs) / starts,
    statements: ((await countStatements()) - statements) / starts,
  };
  await watch.end();
  await Promise.all(replicas.map((replica) => replica.stop()));
  return cost;
}
