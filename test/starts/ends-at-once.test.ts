import { rm } from 'node:fs/promises';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { selectRows } from '../../src/db/query.ts';
import { openEngines } from '../../src/engines/open-engines.ts';
import * as b from '../engines/diagram-builder.ts';
import { writeFolder } from '../engines/embedded-world.ts';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

const note = b.process([b.start(), b.end(), b.flow('start -> end')], { id: 'note', name: 'Note' });
/** Round trips to the database, many more than telling of a change takes. */
const roundTrips = 50;

let world: World;
let folder: string;
beforeEach(async () => {
  folder = await writeFolder({ 'note.bpmn': note });
  world = await startWorld({ environment: { PROCESSES_DIR: folder }, openEngines: openSlowEngines });
});
afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

/** The answer to a start comes late: the end of its instance has long been reported by then. */
const openSlowEngines: typeof openEngines = async (config, parts) => {
  const engines = await openEngines(config, parts);
  let read = () => {};
  const isRead = new Promise<void>((resolve) => {
    read = resolve;
  });
  return {
    ...engines,
    async startProcessInstance(request) {
      const started = await engines.startProcessInstance(request);
      await isRead;
      for (let n = 0; n < roundTrips; n += 1) await parts.database.db.execute(sql`select 1`);
      return started;
    },
    async getProcessInstance(key) {
      const instance = await engines.getProcessInstance(key);
      read();
      return instance;
    },
  };
};

test('a start keeps the values it was made with, though its process ends at once', async () => {
  const { anna, oleg, carl } = world.sandbox.people;
  await setUpLiveChat(world, { bindings: { 'Message received': { process: 'Note', isPreset: false } } });
  const channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
  for (const person of [oleg, carl]) await anna.invite(channel, person);
  await carl.post(channel, 'Please note this');
  await world.quiet();
  const starts = await selectRows(world.database.db, sql`select status, variables is not null as "isKept" from starts`);
  expect(starts).toEqual([{ status: 'completed', isKept: true }]);
});
