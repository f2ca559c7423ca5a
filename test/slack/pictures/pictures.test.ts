import { WebClient } from '@slack/web-api';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Channel } from '../../../sandbox/driver/channel.ts';
import type { Message } from '../../../sandbox/driver/message.ts';
import { createLogger } from '../../../src/logger.ts';
import { deleteSuperseded } from '../../../src/slack/pictures/delete-superseded.ts';
import { processPictures } from '../../../src/slack/pictures/tables.ts';
import { starts } from '../../../src/starts/tables.ts';
import { changeTimings, type Timings, usualTimings } from '../../../src/timings.ts';
import { startWorld, type World } from '../../helpers/kickoff.ts';
import { setUpLiveChat } from '../../helpers/set-up-live-chat.ts';

let world: World;
let activity: Channel;
let channel: Channel;
let question: Message;
let tolerate: boolean;
beforeEach(() => {
  tolerate = false;
});
afterEach(async () => {
  await world.quiet();
  await world.close({ tolerate });
});

/** Carl's message starts a lead, which has a task for Oleg. */
async function startLead({ scanMs = 0 } = {}) {
  world = await startWorld({
    sandbox: { timings: { patienceMs: 20_000, scanMs } },
    // Long enough, also on a slow machine, that no picture is drawn while the process is still moving.
    timings: { activity: { restMs: 1000 } },
  });
  const { people } = world.sandbox;
  const { anna, oleg, olga, sam, carl, emma } = people;
  activity = await anna.createChannel('kickoff-activity', { invite: [sam] });
  await anna.invite(activity, 'app');
  await setUpLiveChat(world, {
    activityChannel: 'kickoff-activity',
    bindings: { 'Message received': { process: 'Create lead' } },
  });
  channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
  for (const person of [oleg, olga, sam, emma, carl]) await anna.invite(channel, person);
  await world.quiet();
  question = await carl.post(channel, 'We need chairs');
  return people;
}

const files = () => Object.keys(world.sandbox.state.files);
const uploads = () => world.sandbox.traffic.callsOf('files.completeUploadExternal').length;

/** The picture in the thread of the start's line. */
function inThread(): string | undefined {
  const replies = world.sandbox.people.sam
    .sees(activity)
    .filter(({ ts, thread_ts }) => thread_ts !== undefined && thread_ts !== ts);
  expect(replies.length).toBeLessThanOrEqual(1);
  return /"slack_file":\{"id":"(F\w+)"\}/.exec(JSON.stringify(replies[0]?.record.blocks ?? []))?.[1];
}

/** The context for deleting pictures. */
function pictureContext(pictures: Partial<Timings['pictures']> = {}) {
  const { sandbox, database } = world;
  return {
    db: database.db,
    backgroundClient: new WebClient(sandbox.botToken, { slackApiUrl: sandbox.apiUrl }),
    identity: { teamId: sandbox.teamId, enterpriseId: undefined, botUserId: '', botId: '', workspaceUrl: '' },
    timings: changeTimings(usualTimings, { pictures }),
    logger: createLogger('fatal'),
  };
}

/** Waits for a picture, or for one that differs from `other`. */
async function pictureInThread(other?: string): Promise<string> {
  const found = () => {
    const id = inThread();
    return id === other ? undefined : id;
  };
  await world.sandbox.traffic.until(() => found() !== undefined, { timeoutMs: 20_000 });
  return found() ?? '';
}

test('a process is pictured in its thread where it comes to rest, and what newer pictures replace is deleted', {
  timeout: 90_000,
}, async () => {
  const { oleg, carl } = await startLead();
  const waiting = await pictureInThread();
  await world.quiet();
  expect(files()).toEqual([waiting]);

  // The card shows the same picture, without another upload.
  await oleg.shortcut('session', question);
  const card = await oleg.modalShown('Live-chat session');
  await card.click('Diagram', { near: 'Create lead' });
  const diagram = await oleg.modalShown('Diagram');
  await diagram.shows('“Qualify lead” waits for');
  expect(diagram.describe()).toContain('where it stands');
  expect(JSON.stringify(world.sandbox.state.views)).toContain(`"slack_file":{"id":"${waiting}"}`);
  expect(uploads()).toBe(1);
  await diagram.closeAll();

  const task = await oleg.receives('Qualify lead');
  await task.click('Open task');
  const form = await oleg.modalShown('Qualify lead');
  await form.choose('Qualification', 'Qualified');
  await form.submit();
  await form.shows('The process has completed.');
  const completed = await pictureInThread(waiting);
  await world.quiet();
  expect(files()).toEqual([waiting, completed]);

  // Not deleted yet, because somebody may still have it open.
  await deleteSuperseded(pictureContext());
  expect(files()).toEqual([waiting, completed]);
  await deleteSuperseded(pictureContext({ graceMs: 0 }));
  expect(files()).toEqual([completed]);
  expect(inThread()).toBe(completed);
  expect(channel.messagesOfApp()).toEqual([]);
  expect(carl.inbox()).toEqual([]);
});

test('while Slack scans a picture the text is shown, and then the picture', { timeout: 90_000 }, async () => {
  const { oleg, sam } = await startLead({ scanMs: 3_600_000 });
  const steps = () => sam.sees(activity).flatMap((message) => message.texts());
  await world.sandbox.traffic.until(() => steps().some((text) => text.includes('▶️')), { timeoutMs: 20_000 });
  await world.sandbox.traffic.until(() => uploads() === 1, { timeoutMs: 20_000 });
  expect(inThread()).toBeUndefined();
  await oleg.shortcut('session', question);
  await (await oleg.modalShown('Live-chat session')).click('Diagram', { near: 'Create lead' });
  const diagram = await oleg.modalShown('Diagram');
  await diagram.shows('“Qualify lead” waits for');
  await diagram.shows('appears here in a moment');
  for (const file of Object.values(world.sandbox.state.files)) file.scannedAt = Date.now();
  await diagram.shows('where it stands', { timeoutMs: 20_000 });
  expect(await pictureInThread()).toBe(files()[0]);
  await world.quiet();
  expect(uploads()).toBe(1);
  expect(files()).toHaveLength(1);
});

test('a picture that Slack does not scan in time is deleted, and the text stays', { timeout: 90_000 }, async () => {
  const { sam } = await startLead({ scanMs: 3_600_000 });
  const { sandbox, database } = world;
  const known = () => database.db.select().from(processPictures);
  await sandbox.traffic.until(async () => (await known()).length === 1, { timeoutMs: 20_000 });
  await database.db.execute(sql`update process_pictures set created_at = now() - interval '3 minutes'`);
  await sandbox.traffic.until(
    async () => (await database.db.select().from(starts)).every(({ activityDueAt }) => activityDueAt === null),
    { timeoutMs: 30_000 },
  );
  expect(inThread()).toBeUndefined();
  expect(
    sam
      .sees(activity)
      .flatMap((message) => message.texts())
      .join('\n'),
  ).toContain('▶️');
  await deleteSuperseded(pictureContext({ graceMs: 0 }));
  expect(files()).toEqual([]);
});

test('a picture that somebody deleted in Slack is drawn again', { timeout: 90_000 }, async () => {
  const { oleg } = await startLead();
  const first = await pictureInThread();
  delete world.sandbox.state.files[first];
  // Kickoff asks Slack for files that do not exist.
  tolerate = true;
  await oleg.shortcut('session', question);
  await (await oleg.modalShown('Live-chat session')).click('Diagram', { near: 'Create lead' });
  const diagram = await oleg.modalShown('Diagram');
  await diagram.shows('where it stands');
  const [second] = files();
  expect(second).not.toBe(first);
  expect(JSON.stringify(world.sandbox.state.views)).toContain(`"slack_file":{"id":"${second}"}`);
});

test('a diagram is for those who may see the session, and for its own processes', { timeout: 90_000 }, async () => {
  const { oleg, emma } = await startLead();
  await pictureInThread();
  await oleg.shortcut('session', question);
  const card = await oleg.modalShown('Live-chat session');
  await card.shows('Create lead');
  await card.click('Diagram', { near: 'Create lead' });
  await (await oleg.modalShown('Diagram')).shows('where it stands');
  const click = world.sandbox.traffic.deliveries.findLast(({ type }) => type === 'block_actions')?.body;
  const [action] = (click?.actions as object[]) ?? [];
  const forge = (user: string, change: object) => {
    const trigger = `${Date.now()}.forged.${Math.random()}`;
    world.sandbox.state.triggers[trigger] = {
      id: trigger,
      userId: user,
      at: Date.now(),
      used: false,
      viewId: world.sandbox.state.modals[user]?.at(-1) ?? '',
    };
    return world.sandbox.faults.deliverInteraction({
      ...click,
      user: { id: user, username: 'x', name: 'x', team_id: world.sandbox.teamId },
      trigger_id: trigger,
      actions: [{ ...action, ...change }],
    });
  };
  await oleg.modal.closeAll();
  await emma.command('/livechat-session', { in: channel });
  await (await emma.modalShown('Live-chat session')).shows('Only operators and supervisors');
  await forge(emma.id, {});
  await (await emma.modalShown('Diagram')).shows('Only operators and supervisors');
  const before = uploads();
  await oleg.command('/livechat-session', { in: channel });
  await (await oleg.modalShown('Live-chat session')).shows('Create lead');
  for (const value of ['00000000-0000-4000-8000-000000000000', 'no id']) {
    await forge(oleg.id, { value });
    await (await oleg.modalShown('Diagram')).shows('This process is no longer there.');
    await oleg.modal.close();
  }
  expect(uploads()).toBe(before);
});
