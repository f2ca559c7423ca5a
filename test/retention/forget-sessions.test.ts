import { setTimeout } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { selectRows } from '../../src/db/query.ts';
import { recordEvent } from '../../src/intake/record-event.ts';
import { forgetters } from '../../src/retention/forget.ts';
import { sessions } from '../../src/sessions/tables.ts';
import { aBinding, aConversation, aLiveChat, intakeOf, teamId } from '../helpers/builders.ts';
import { openTestDatabase, type TestDatabase } from '../helpers/database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(() => database.close());

/** A lock that a test takes to stop a deletion of sessions where it has looked for them and deletes none yet. */
const deletionLock = sql`pg_advisory_xact_lock(4711)`;

test.skipIf(!process.env.TEST_DATABASE_URL)(
  'a client who writes while their old session is deleted is served',
  async () => {
    const { db } = database;
    const liveChat = await aLiveChat(db);
    await aBinding(db, liveChat, { event: 'message_received', policy: 'every_time' });
    const conversation = aConversation();
    const longAgo = new Date(Date.now() - 100 * 24 * 3_600_000);
    await db.insert(sessions).values({
      ...{ teamId, channelId: conversation.channelId, name: 'support-acme', isPrivate: false, isShared: false },
      ...{ liveChatId: liveChat.id, status: 'closed', openedAt: longAgo, closedAt: longAgo },
    });
    await db.execute(sql`create function wait_for_test() returns trigger language plpgsql as
    'begin perform pg_advisory_xact_lock(4711); return null; end'`);
    await db.execute(
      sql`create trigger wait_for_test before delete on sessions for each statement execute function wait_for_test()`,
    );
    const lockWaits = async () =>
      (
        await selectRows(
          db,
          sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )
      ).length;
    const until = async (check: () => Promise<boolean>) => {
      while (!(await check())) await setTimeout(10);
    };

    let deletion: Promise<unknown> | undefined;
    let recording: Promise<unknown> | undefined;
    await db.transaction(async (tx) => {
      await tx.execute(sql`select ${deletionLock}`);
      deletion = forgetters.sessions(db, 90, undefined);
      await until(async () => (await lockWaits()) === 1);
      let isRecorded = false;
      recording = recordEvent(intakeOf(database), liveChat, conversation, {
        kind: 'message',
        at: new Date(),
        author: 'client',
        message: { ts: `${Date.now() / 1000}`, userId: 'U0CLIENT', text: 'I am back', files: [] },
      }).then(() => {
        isRecorded = true;
      });
      await until(async () => isRecorded || (await lockWaits()) === 2);
    });
    await Promise.all([deletion, recording]);
    const texts = await selectRows(
      db,
      sql`select facts #>> '{message,text}' as text, sessions.status from starts join sessions on sessions.id = session_id`,
    );
    expect(texts).toEqual([{ text: 'I am back', status: 'open' }]);
  },
);
