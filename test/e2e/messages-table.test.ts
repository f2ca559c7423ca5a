import { readFileSync } from 'node:fs';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import type { JsonObject } from '../../sandbox/json.ts';
import { sessionMessages } from '../../src/sessions/tables.ts';
import { clientChannel } from '../helpers/client-channel.ts';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { writeNoteProcesses } from '../helpers/note-processes.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

/** The rows of the table in docs/slack.md: the key of Slack's example here, and the documented effect. */
const rows = [...readFileSync('docs/slack.md', 'utf8').matchAll(/^\| [^|]+ \| `([\w-]+)`[^|]* \| ([^|]+) \|$/gm)].map(
  ([, key = '', outcome = '']) => [key, outcome.trim()] as const,
);

let world: World;
let channel: Channel;
let count = 0;
beforeAll(async () => {
  world = await startWorld({ environment: { PROCESSES_DIR: await writeNoteProcesses() } });
  await setUpLiveChat(world, {
    bindings: { 'Session created': { process: 'Note created' }, 'Message received': { process: 'Note message' } },
  });
  channel = await clientChannel(world, 'support-acme');
  world.sandbox.workspace.addPerson({
    id: 'U0BOTUSER01',
    handle: 'deploy-bot',
    realName: 'Deploy bot',
    isBot: true,
  });
  await world.quiet();
});
afterAll(() => world.close());

const canvas = {
  id: 'F0CANVAS001',
  name: 'Plan',
  filetype: 'quip',
  mimetype: 'application/vnd.slack-docs',
  mode: 'quip',
  size: 3,
  permalink: 'https://northwind.slack.com/docs/T0/F0CANVAS001',
};
const tool = { bot_id: 'B0TOOL00001', app_id: 'A0TOOL00001', bot_profile: { name: 'Tool', app_id: 'A0TOOL00001' } };

/** Each example in Slack's form, as changes to an event of Gina's in the session's channel. */
const examples: Record<string, JsonObject> = {
  plain: {},
  me_message: { subtype: 'me_message' },
  file_share: { subtype: 'file_share', files: [{ ...canvas, id: 'F0PDF000001', name: 'a.pdf', mode: 'hosted' }] },
  thread_reply: { thread_ts: '1700000000.000100' },
  thread_broadcast: { subtype: 'thread_broadcast', thread_ts: '1700000000.000100' },
  user_token: tool,
  canvas_shared: { subtype: 'file_share', files: [canvas] },
  list_shared: { files: [{ ...canvas, id: 'F0LIST00001', name: 'Orders', filetype: 'list', mode: 'list' }] },
  huddle_reply: { thread_ts: '1700000001.000100' },
  bot_token: { ...tool, user: 'U0BOTUSER01' },
  bot_message: { subtype: 'bot_message', bot_id: 'B0OLD000001', username: 'Monitor', user: undefined },
  workflow: {
    user: 'U0BOTUSER01',
    bot_id: 'B0WORKFLOW1',
    bot_profile: { name: 'Return form', is_workflow_bot: true },
  },
  huddle_thread: { subtype: 'huddle_thread', room: { id: 'R0HUDDLE001', name: '', has_ended: false } },
  canvas_updated: { subtype: 'tabbed_canvas_updated', user: 'USLACKBOT' },
  canvas_comment: { subtype: 'document_comment_root', document_comment: { thread_id: 'temp:C:1' } },
  list_record_comment: { subtype: 'list_record_comment' },
  slackbot: { user: 'USLACKBOT' },
  channel_join: { subtype: 'channel_join', text: '<@U0GINA00001> has joined the channel' },
  pinned_item: { subtype: 'pinned_item', item_type: 'C' },
  tombstone: { subtype: 'tombstone', user: 'USLACKBOT', text: 'This message was deleted.' },
  group_direct_message: { channel: 'G0MPIM00001', channel_type: 'mpim' },
  direct_message: { channel: 'D0DIRECT001', channel_type: 'im' },
};

test('the table has a row for every example, and every row has an example', () => {
  expect(rows.map(([key]) => key).toSorted()).toEqual(Object.keys(examples).toSorted());
});

describe.each(rows)('%s', (key, outcome) => {
  test(outcome, async () => {
    count += 1;
    const { sandbox, crm, database } = world;
    const ts = `${1_800_000_000 + count}.000100`;
    const before = crm.requests.length;
    const sent = { type: 'message', channel: channel.id, channel_type: 'channel', text: 'Hello', ts, event_ts: ts };
    const event = { ...sent, user: sandbox.people.gina.id, ...examples[key] };
    expect((await sandbox.faults.deliver({ event })).acknowledged).toBe(true);
    await world.quiet();
    const started = crm.requests.slice(before).map(({ path }) => path);
    const kept = await database.db.select().from(sessionMessages).where(eq(sessionMessages.ts, ts));
    const found = started.length > 0 ? "a client's message" : kept.length > 0 ? 'in the transcript only' : 'nothing';
    expect(found).toBe(outcome);
    expect(started).toEqual(outcome === "a client's message" ? ['/message'] : []);
  });
});
