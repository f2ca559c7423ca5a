import { afterEach, expect, test } from 'vitest';
import { starts } from '../../../src/starts/tables.ts';
import { usualTimings } from '../../../src/timings.ts';
import { startWorld, type World } from '../../helpers/kickoff.ts';
import { setUpLiveChat } from '../../helpers/set-up-live-chat.ts';

let world: World;
afterEach(() => world.close());

/** The lines of six messages. */
const count = 60;

test('sixty starts at once reach the activity channel in a few messages, each with its line', async () => {
  // With the usual timings, lines are gathered while the channel waits for its turn.
  world = await startWorld({ timings: { activity: usualTimings.activity } });
  const { sandbox, database } = world;
  const { anna, oleg, carl, sam } = sandbox.people;
  const activity = await anna.createChannel('kickoff-activity', { invite: [sam, oleg] });
  await anna.invite(activity, 'app');
  await setUpLiveChat(world, {
    activityChannel: 'kickoff-activity',
    bindings: { 'Message received': { process: 'Create lead' } },
  });
  const channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
  await anna.invite(channel, carl);
  await world.quiet();
  await Promise.all(Array.from({ length: count }, (_, nth) => carl.post(channel, `Message ${nth}`)));
  const lines = () =>
    activity
      .messagesOfApp()
      .flatMap((message) => message.texts())
      .filter((text) => text.includes('*Create lead*') && text.includes('“Qualify lead” waits for'));
  await sandbox.traffic.until(() => lines().length === count, { timeoutMs: 120_000 });
  const posts = sandbox.traffic.callsOf('chat.postMessage').filter(({ args }) => args.channel === activity.id);
  const inChannel = posts.filter(({ args, answer }) => answer?.ok === true && args.thread_ts === undefined);
  expect(inChannel.length).toBeLessThan(18);
  const links = new Set(lines().map((text) => /<(https[^|>]+)\|#/.exec(text)?.[1]));
  expect(links.size).toBe(count);
  await sandbox.traffic.until(
    async () => (await database.db.select().from(starts)).every(({ activityDueAt }) => activityDueAt === null),
    { timeoutMs: 60_000 },
  );
  // The steps are in the thread of the message that contains the start's line.
  const replies = sam.sees(activity).filter(({ ts, thread_ts }) => thread_ts !== undefined && thread_ts !== ts);
  expect(replies.length).toBe(inChannel.length);
  expect(replies.flatMap((reply) => reply.texts()).join('\n')).toContain('▶️ <!date^');
}, 240_000);
