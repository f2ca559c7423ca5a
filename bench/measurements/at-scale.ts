import postgres from 'postgres';
import { multiplyStart } from '../multiply-start.ts';
import { benchProcess, processFile } from '../process-files.ts';
import { startOnce } from '../start-once.ts';
import { median } from '../statistics.ts';
import type { Measurement } from './measurement.ts';

const targetMs = 200;
const perSession = 50;

/** The views that people open, with many starts in the database: time from the click until Slack has the view. */
export const measureAtScale: Measurement = async (world, tell) => {
  const { quick } = world.options;
  const { workspace } = world;
  const starts = quick ? 50_000 : 1_000_000;
  const looks = quick ? 5 : 20;
  const databaseUrl = await world.createLiveChatDatabase();
  const client = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  const kickoff = await world.startKickoff({
    databaseUrl,
    processesDir: await world.processesDirectory([processFile({ ...benchProcess, assignees: workspace.staff })]),
    isUnlimited: true,
    environment: { KEEP_DAYS: '0' },
  });
  const message = await startOnce(world, client, kickoff.port);
  const begun = performance.now();
  await multiplyStart(client, workspace, { starts, perSession });
  tell(`${starts} starts were made with SQL in ${Math.round((performance.now() - begun) / 1000)} s`);

  const shortcut = async (callbackId: string) => {
    const by = { kickoffPort: kickoff.port, userId: workspace.operator };
    return (await world.slack({ do: 'use-shortcut', ...by, callbackId, ...message })).shownMs;
  };
  const home = async (userId: string) =>
    (await world.slack({ do: 'open-home', kickoffPort: kickoff.port, userId })).shownMs;
  const views: [string, () => Promise<number>][] = [
    ['Home of an operator', () => home(workspace.operator)],
    ['Home of an administrator', () => home(workspace.administrator)],
    ['Session card', () => shortcut('session')],
    ['Why', () => shortcut('why')],
  ];
  const lines = [];
  for (const [what, look] of views) {
    const times: number[] = [];
    for (let n = 0; n < looks; n += 1) times.push(await look());
    const worst = Math.max(...times);
    lines.push({
      what: `${what}, with ${starts} starts`,
      reached: `${median(times).toFixed(0)} ms, worst ${worst.toFixed(0)} ms`,
      target: `worst < ${targetMs} ms`,
      met: worst < targetMs,
    });
  }
  await client.end();
  await kickoff.stop();
  return lines;
};
