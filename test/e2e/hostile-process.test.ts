import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { and, process as diagram, end, flow, script, start } from '../engines/diagram-builder.ts';
import { writeFolder } from '../engines/embedded-world.ts';
import { type CrashWorld, startCrashWorld } from '../helpers/crash-world.ts';
import { setUpByClicking } from '../helpers/set-up-by-clicking.ts';

/** Never matches, and takes a backtracking engine practically forever. */
const hostileText = `${'a'.repeat(45)}!`;

/** How long Slack waits, in milliseconds. An expression that blocked Kickoff would take minutes. */
const patienceMs = 3000;

let world: CrashWorld;
let channel: Channel;
beforeEach(async () => {
  const components = [{ type: 'textfield', id: 'text', key: 'messageText', label: 'Text' }];
  const processes = await writeFolder({
    'message.form': JSON.stringify({ type: 'default', id: 'message', schemaVersion: 18, components }),
    'hostile.bpmn': diagram(
      [
        start('start', { form: 'message' }),
        and('fork'),
        script('match', '=matches(messageText, "^(\\w+\\s?)*$")', 'matched'),
        script('counted', '=count(for i in 1..1000000000 return i)', 'number'),
        script('grown', '={f: function(g, n) g(g, n - 1) + g(g, n - 1), r: f(f, 60)}.r', 'sum'),
        script('each', '=item', 'last', {
          loop: { inputCollection: '=for i in 1..10000 return i', inputElement: 'item' },
        }),
        end(),
        flow('start -> fork -> match -> end'),
        flow('fork -> counted -> end'),
        flow('fork -> grown -> end'),
        flow('fork -> each -> end'),
      ],
      { id: 'hostile', name: 'Hostile' },
    ),
  });
  world = await startCrashWorld({ environment: { PROCESSES_DIR: processes } });
  await setUpByClicking(world, { bindings: { 'Message received': { process: 'Hostile' } } });
  const { anna, gina } = world.sandbox.people;
  channel = await anna.createChannel('support-globex');
  await anna.invite(channel, gina);
  await world.sandbox.traffic.until(() => channel.hasApp);
});
afterEach(() => world.close());

/** Keys of the instances with an incident; one may be logged several times. */
const stopped = () =>
  new Set(
    world.log.lines.filter(({ msg }) => msg === 'incident').map(({ text }) => JSON.parse(text).processInstanceKey),
  );

/** Clicks and messages are handled while the process runs. */
async function everybodyIsServed(): Promise<void> {
  const { gina, oleg } = world.sandbox.people;
  const question = await gina.post(channel, hostileText);
  const health = fetch(`http://127.0.0.1:${world.kickoff.port}/healthz`, { signal: AbortSignal.timeout(patienceMs) });
  const clicked = performance.now();
  await oleg.shortcut('start_process', question);
  await oleg.modalShown('Start business process');
  expect(performance.now() - clicked).toBeLessThan(patienceMs);
  await oleg.modal.closeAll();
  expect((await health).status).toBe(200);
}

test('a process with endless expressions gets an incident; other work continues, and a restart does not hang', async () => {
  const { traffic } = world.sandbox;
  await everybodyIsServed();
  for (let crash = 0; crash < 3; crash += 1) {
    await everybodyIsServed();
    await world.kill();
    const killed = performance.now();
    await world.start();
    // A start alone takes a slow machine five seconds; one that waited for the expressions would take minutes.
    expect(performance.now() - killed).toBeLessThan(20_000);
  }
  await everybodyIsServed();
  await traffic.settled();
  const messages = traffic.deliveriesOf('message').filter(({ body }) => JSON.stringify(body).includes(hostileText));
  expect(messages.map(({ state }) => state)).toEqual(messages.map(() => 'acknowledged'));
  await expect.poll(() => stopped().size, { timeout: 30_000 }).toBe(5);
  const { instances } = await world.tally();
  expect(instances).toEqual({ 'hostile incident': 5 });
}, 180_000);
