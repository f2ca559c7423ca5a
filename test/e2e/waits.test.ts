import { afterEach, beforeEach, test } from 'vitest';
import { clientChannel } from '../helpers/client-channel.ts';
import { type ClockedDatabase, openClockedDatabase } from '../helpers/database.ts';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

const minute = 60_000;

let world: World;
let database: ClockedDatabase;
let ahead: number;

beforeEach(async () => {
  ahead = 0;
  database = await openClockedDatabase();
  world = await startWorld({ database, sandbox: { now: () => Date.now() + ahead } });
});
afterEach(() => world.close());

/** Moves the clocks of Slack and of the database. */
async function move(ms: number): Promise<void> {
  ahead += ms;
  await database.advance(ms);
  database.signal('timers_due');
}

test('if nobody answers a client for 15 minutes, the operators get the escalation with the client’s message', {
  timeout: 90_000,
}, async () => {
  await setUpLiveChat(world, {
    activityChannel: 'team-lunch',
    bindings: { 'Client is waiting': { process: 'Escalate', parameters: { Reason: "Message's text" } } },
  });
  const { gina, oleg, olga } = world.sandbox.people;
  const channel = await clientChannel(world, 'support-acme');
  await gina.post(channel, 'Is anybody there?');
  await world.quiet();
  await move(15 * minute + 11_000);
  await olga.receives('Escalated (normal): Is anybody there?', { in: 'team-lunch', timeoutMs: 30_000 });
  await oleg.receives('Resolve escalation', { timeoutMs: 30_000 });
  await world.quiet();
});
