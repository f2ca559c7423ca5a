import { afterEach, expect, test } from 'vitest';
import * as b from '../engines/diagram-builder.ts';
import { writeFolder } from '../engines/embedded-world.ts';
import { clientChannel } from '../helpers/client-channel.ts';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
afterEach(() => world.close());

const processes = {
  'approve.bpmn': b.process(
    [
      b.start(),
      b.userTask('approve', { name: 'Approve', assignee: 'suport', candidateGroups: 'no-such-group' }),
      b.end(),
      b.flow('start -> approve -> end'),
    ],
    { id: 'approval', name: 'Approval' },
  ),
};

test('a task with unknown assignees says so: in its form, its message, the activity line, and once in the log', async () => {
  world = await startWorld({ environment: { PROCESSES_DIR: await writeFolder(processes) } });
  const { anna, gina, oleg, rita } = world.sandbox.people;
  await anna.invite('leadership', 'app');
  await setUpLiveChat(world, { operators: ['Oleg Operator', rita.name], activityChannel: 'leadership' });
  const channel = await clientChannel(world, 'support-acme');
  const question = await gina.post(channel, 'Is it approved?');
  await world.quiet();

  const start = async (person: typeof oleg, [title, field]: [string, string]) => {
    await person.shortcut('start_process', question);
    const modal = await person.modalShown(title);
    await modal.choose(field, 'Approval');
    await modal.submit();
    return person.modalShown('Approve');
  };
  const form = await start(oleg, ['Start business process', 'Business process']);
  await form.shows('The process gives it to suport and no-such-group, who cannot be reached here, so it came to you.');
  await form.close();
  await (await oleg.receives('Approve')).shows('The process gives it to suport and no-such-group');
  await world.quiet();
  const [line] = world.sandbox.channel('leadership').messagesOfApp();
  await line?.shows(
    '“Approve” waits for Oleg Operator (the process names suport and no-such-group, who cannot be reached here)',
  );
  expect(world.log.filter(({ msg }) => msg === 'an open task names people or groups unknown to Slack')).toMatchObject([
    { level: 40, processDefinitionId: 'approval', elementId: 'approve', names: ['suport', 'no-such-group'] },
  ]);

  const russian = await start(rita, ['Запуск бизнес-процесса', 'Бизнес-процесс']);
  await russian.shows('Процесс назначает её так: suport и no-such-group. Здесь их нет, поэтому она досталась вам.');
});
