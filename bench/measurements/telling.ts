import postgres, { type Sql } from 'postgres';
import { messageDeliveries } from '../deliveries.ts';
import { sendLoad } from '../load.ts';
import { benchProcess, processFile } from '../process-files.ts';
import { allTold, countTold } from '../settled.ts';
import { statementsOf } from '../statements.ts';
import { median } from '../statistics.ts';
import { sendSteadily } from '../steady-load.ts';
import type { Line } from '../table.ts';
import type { World } from '../world.ts';
import type { Measurement } from './measurement.ts';

/** Deliveries per second: clients' messages that each start a process with a task for one person, and irrelevant ones. */
const boundPerSecond = 60;
const irrelevantPerSecond = 100;
/** Duration of a Web API call, in milliseconds, and the tasks per second that people must be notified of nevertheless. */
const slackMs = 120;
const wantedWithSlack = 100;
/** Maximum statements from the delivery of a client's message until somebody is notified of the task. */
const mostStatements = 6;

/** How fast people are notified of their tasks in a workspace without limits: at a steady pace, and with a slow Slack. */
export const measureTelling: Measurement = async (world) => {
  const databaseUrl = await world.createLiveChatDatabase();
  const watch = postgres(databaseUrl, { max: 1 });
  const { port, stop } = await world.startKickoff({
    databaseUrl,
    processesDir: await world.processesDirectory([processFile({ ...benchProcess, assignees: world.workspace.staff })]),
    isUnlimited: true,
  });
  // Warms up: all staff are known, and have direct messages with the app.
  await sendLoad({ port, requests: clientMessages(world, 5 * world.workspace.staff.length) });
  await allTold(watch);
  const lines = [...(await tellAsTheyArrive(world, watch, port)), await tellSlowly(world, watch, port)];
  await watch.end();
  await stop();
  return lines;
};

async function tellAsTheyArrive(world: World, watch: Sql, port: number): Promise<Line[]> {
  const seconds = world.options.quick ? 8 : 30;
  const irrelevant = messageDeliveries(
    world.workspace,
    { ...client(world), channels: world.workspace.otherChannels },
    irrelevantPerSecond * seconds,
  );
  const samples: { at: number; told: number; backlog: number }[] = [];
  const sample = async () => {
    const { tasks, told } = await countTold(watch);
    samples.push({ at: performance.now(), told, backlog: tasks - told });
  };
  const statements = await statementsOf(port);
  const timer = setInterval(() => void sample(), 250);
  await Promise.all([
    sendSteadily(port, clientMessages(world, boundPerSecond * seconds), boundPerSecond),
    sendSteadily(port, irrelevant, irrelevantPerSecond),
  ]);
  clearInterval(timer);
  await allTold(watch);
  const statementsEach = ((await statementsOf(port)) - statements) / (boundPerSecond * seconds);
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last) throw new Error('there were no samples');
  const told = ((last.told - first.told) / (last.at - first.at)) * 1000;
  const third = Math.ceil(samples.length / 3);
  const backlogOf = (some: typeof samples) => median(some.map(({ backlog }) => backlog));
  const [before, after] = [backlogOf(samples.slice(0, third)), backlogOf(samples.slice(-third))];
  const isFlat = (after - before) / ((seconds * 2) / 3) <= 1;
  return [
    {
      what: `Tasks told, ${boundPerSecond}/s among ${irrelevantPerSecond}/s irrelevant`,
      reached: `${told.toFixed(1)} told/s, ${before} → ${after} untold`,
      target: `≥ ${boundPerSecond * 0.95}/s, flat`,
      met: told >= boundPerSecond * 0.95 && isFlat,
    },
    {
      what: 'Statements for each start, its task told',
      reached: statementsEach.toFixed(1),
      target: `≤ ${mostStatements}`,
      met: statementsEach <= mostStatements,
    },
  ];
}

async function tellSlowly(world: World, watch: Sql, port: number): Promise<Line> {
  await world.slack({ do: 'answer-in', ms: slackMs });
  const requests = clientMessages(world, world.options.starts);
  const begun = performance.now();
  await sendLoad({ port, requests });
  await allTold(watch);
  const told = (requests.length / (performance.now() - begun)) * 1000;
  await world.slack({ do: 'answer-in', ms: 0 });
  return {
    what: `Tasks told, Slack answering in ${slackMs} ms`,
    reached: `${Math.round(told)} told/s`,
    target: `≥ ${wantedWithSlack}/s`,
    met: told >= wantedWithSlack,
  };
}

const client = ({ workspace }: World) => ({ userId: workspace.client, userTeamId: workspace.clientTeamId });

const clientMessages = (world: World, count: number) =>
  messageDeliveries(world.workspace, { ...client(world), channels: world.workspace.clientChannels }, count);
