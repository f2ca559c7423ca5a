import { afterEach, expect, test } from 'vitest';
import type { LostAnswer } from '../../../sandbox/faults.ts';
import { starts } from '../../../src/starts/tables.ts';
import * as b from '../../engines/diagram-builder.ts';
import { writeFolder } from '../../engines/embedded-world.ts';
import { startWorld, type World } from '../../helpers/kickoff.ts';
import { setUpLiveChat } from '../../helpers/set-up-live-chat.ts';

/** A process whose start does not change any more after its line was posted. */
const processes = {
  'wait.bpmn': b.process(
    [
      b.start(),
      b.catchEvent('never', b.messageDefinition('never', '="never"')),
      b.end(),
      b.flow('start -> never -> end'),
    ],
    { id: 'waiting', name: 'Wait' },
  ),
};

let world: World;
afterEach(() => world.close({ tolerate: true }));

test.each<LostAnswer>(['status', 'cut', 'page'])(
  'each start has one line, although posts and changes fail or lose their answers (%s)',
  async (as) => {
    world = await startWorld({ environment: { PROCESSES_DIR: await writeFolder(processes) } });
    const { sandbox } = world;
    const { anna, carl, sam } = sandbox.people;
    const activity = await anna.createChannel('kickoff-activity', { invite: [sam, 'app'] });
    await setUpLiveChat(world, {
      activityChannel: 'kickoff-activity',
      bindings: { 'Message received': { process: 'Wait' } },
    });
    const channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
    await anna.invite(channel, carl);
    await world.quiet();
    for (const method of ['chat.postMessage', 'chat.update']) {
      sandbox.faults.loseAnswer(method, as);
      sandbox.faults.fail(method);
      sandbox.faults.loseAnswer(method, as);
    }
    await Promise.all(Array.from({ length: 9 }, (_, nth) => carl.post(channel, `Message ${nth}`)));
    await world.quiet();
    const lines = activity
      .messagesOfApp()
      .flatMap((message) => message.texts())
      .flatMap((text) => /\*Wait\*.*<(https[^|>]+)\|#/.exec(text)?.[1] ?? []);
    expect(lines).toHaveLength(9);
    expect(new Set(lines).size).toBe(9);
    // The message's timestamp is stored, so that the line can be changed later.
    const posted = activity.messagesOfApp().map(({ ts }) => ts);
    for (const { activityTs } of await world.database.db.select().from(starts)) expect(posted).toContain(activityTs);
  },
  60_000,
);
