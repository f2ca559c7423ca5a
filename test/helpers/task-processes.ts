import * as b from '../engines/diagram-builder.ts';
import { writeFolder } from '../engines/embedded-world.ts';

const form = (id: string, key: string, label: string, required: boolean) =>
  JSON.stringify({
    type: 'default',
    id,
    schemaVersion: 18,
    components: [{ type: 'textfield', id: `Field_${key}`, key, label, validate: { required } }],
  });

/**
 * Processes with tasks: **Answer together** offers one to the support team, **Answer as a team** assigns it to them,
 * **Look twice** has one with a follow-up and a due date, **Call the client** asks for a title that may be missing.
 */
export function writeTaskProcesses({ followUp = 'PT1H', due = 'PT2H' } = {}): Promise<string> {
  const schedule = `<zeebe:taskSchedule followUpDate="=now() + duration(&quot;${followUp}&quot;)" dueDate="=now() + duration(&quot;${due}&quot;)"/>`;
  return writeFolder({
    'answer.form': form('answer', 'answer', 'Answer', true),
    'call.form': form('call', 'title', 'Title', true),
    'together.bpmn': b.process(
      [
        b.start(),
        b.userTask('answer', { name: 'Answer it', form: 'answer', candidateGroups: 'support-team' }),
        b.end(),
        b.flow('start -> answer -> end'),
      ],
      { id: 'together', name: 'Answer together' },
    ),
    'team.bpmn': b.process(
      [
        b.start(),
        b.userTask('answer', { name: 'Answer it', form: 'answer', assignee: 'support-team' }),
        b.end(),
        b.flow('start -> answer -> end'),
      ],
      { id: 'team', name: 'Answer as a team' },
    ),
    'twice.bpmn': b.process(
      [
        b.start(),
        b.userTask('look', { name: 'Look again', extensions: schedule }),
        b.end(),
        b.flow('start -> look -> end'),
      ],
      { id: 'twice', name: 'Look twice' },
    ),
    'call.bpmn': b.process(
      [
        b.start('start', { form: 'call' }),
        b.userTask('ring', { name: 'Call', candidateGroups: 'support-team' }),
        b.end(),
        b.flow('start -> ring -> end'),
      ],
      { id: 'call', name: 'Call the client' },
    ),
  });
}
