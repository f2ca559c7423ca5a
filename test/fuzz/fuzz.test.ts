import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CrashWorld, startCrashWorld } from '../helpers/crash-world.ts';
import { sendRaw } from '../helpers/raw-http.ts';
import { setUpByClicking } from '../helpers/set-up-by-clicking.ts';
import { collectSpecimens } from './corpus.ts';
import { plansFor, requestFor } from './mutate.ts';

/** `npm run fuzz` makes 10,000, different ones each time; `FUZZ_SEED` repeats them. */
const count = Number(process.env.FUZZ_COUNT ?? 500);
const seed = Number(process.env.FUZZ_SEED ?? (process.env.FUZZ_COUNT ? Date.now() % 2 ** 31 : 1));

/** Maximum time of an answer, in milliseconds. In the suite, where other tests run on the same machine, Slack's own limit. */
const patienceMs = process.env.FUZZ_COUNT ? 1000 : 3000;

/** Maximum growth of the heap until the end, in bytes: caches fill, but not with every request. */
const heapRoom = 40 * 1024 * 1024;

let world: CrashWorld;
beforeAll(async () => {
  world = await startCrashWorld({
    mode: 'http',
    // The traffic of thousands of calls is not needed afterwards.
    sandbox: { keepTraffic: 500 },
    environment: { MISBEHAVE: 'tellHeap' },
    nodeOptions: ['--expose-gc', '--import', './test/helpers/misbehave.mjs'],
  });
}, 150_000);
afterAll(() => world.close());

async function heapUsed(): Promise<number> {
  const from = world.log.lines.length;
  process.kill(world.kickoff.pid, 'SIGUSR2');
  return JSON.parse((await world.log.says('heap', { from })).text).heapUsed;
}

test(`${count} mutated deliveries (FUZZ_SEED=${seed}) cause no crash, delay or programming error`, async () => {
  const { sandbox } = world;
  const { anna, oleg, gina } = sandbox.people;
  await setUpByClicking(world, { bindings: { 'Message received': { process: 'Post message' } } });
  const channel = await anna.createChannel('support-fuzz');
  await anna.invite(channel, gina);
  await anna.invite(channel, oleg);
  await gina.post(channel, 'before');
  await world.posted('/messages', ['before']);
  await oleg.openHome();
  const message = await gina.post(channel, 'to be used on');
  await oleg.shortcut('start_process', message);
  await sandbox.traffic.settled({ timeoutMs: 20_000 });

  const specimens = collectSpecimens(sandbox, channel.id);
  const plans = plansFor(seed, count);
  const { port } = world.kickoff;
  const from = world.log.lines.length;
  const statuses: Record<number, number> = {};
  const wrong: string[] = [];
  let slowest = 0;
  let heapBefore = 0;
  for (const [index, plan] of plans.entries()) {
    // After a tenth of the requests, caches are filled and code is compiled.
    if (index === Math.floor(count / 10)) heapBefore = await heapUsed();
    const { status, after } = await sendRaw(port, requestFor(plan, specimens, sandbox.signingSecret));
    statuses[status] = (statuses[status] ?? 0) + 1;
    slowest = Math.max(slowest, after);
    if (!(status < 500) || after > patienceMs) wrong.push(`${index}: ${status} after ${Math.round(after)} ms`);
  }
  const heapAfter = await heapUsed();
  const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);
  process.stdout.write(
    `FUZZ_SEED=${seed}: ${JSON.stringify(statuses)}, slowest ${Math.round(slowest)} ms, ` +
      `heap ${megabytes(heapBefore)} → ${megabytes(heapAfter)} MB\n`,
  );
  expect(wrong).toEqual([]);
  expect(heapAfter - heapBefore).toBeLessThan(heapRoom);
  const programmingErrors = /"type":"(TypeError|RangeError|ReferenceError|PostgresError|DrizzleQueryError)"/;
  const lines = world.log.lines.slice(from).map(({ text }) => text);
  expect(lines.filter((line) => programmingErrors.test(line) || line.length > 5000)).toEqual([]);

  // A new one, because some requests were an administrator's and may have changed the first live chat.
  await setUpByClicking(world, {
    name: 'Afterwards',
    prefixes: 'after-',
    bindings: { 'Message received': { process: 'Post message' } },
  });
  const afterwards = await anna.createChannel('after-fuzz');
  await anna.invite(afterwards, gina);
  await gina.post(afterwards, 'served as before');
  await world.posted('/messages', ['served as before']);
  expect(await world.terminate()).toBe(0);
}, 1_800_000);
