import type { ModalView } from '@slack/web-api';
import type { UserTask } from '../../engines/engine.ts';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { joined, mention, say } from '../block-kit/markup.ts';
import { plainText, section } from '../block-kit/text-objects.ts';

export const reassignCallbackId = 'reassign_task';
export const colleagueBlockId = 'colleague';
export const colleagueActionId = 'colleague';

/** The modal for choosing a task's new assignee. */
export function reassignModal(
  words: Words,
  task: Pick<UserTask, 'key' | 'name' | 'processName'>,
  holder: string | undefined,
): ModalView {
  const head = say(words, 'tasks.reassignHead', { task: task.name, process: task.processName });
  const now = holder === undefined ? [] : [say(words, 'tasks.hasItNow', { person: mention(holder) })];
  return {
    type: 'modal',
    callback_id: reassignCallbackId,
    private_metadata: JSON.stringify({ taskKey: task.key }),
    title: plainText(words('tasks.reassignTitle'), slackLimits.viewTitle),
    submit: plainText(words('tasks.reassign'), slackLimits.viewSubmit),
    close: plainText(words('tasks.cancel'), slackLimits.viewSubmit),
    blocks: [
      section(joined([head, ...now], '\n')),
      {
        type: 'input',
        block_id: colleagueBlockId,
        label: plainText(words('tasks.colleague'), slackLimits.inputLabel),
        hint: plainText(words('tasks.colleagueHint'), slackLimits.inputHint),
        element: {
          type: 'users_select',
          action_id: colleagueActionId,
          placeholder: plainText(words('tasks.choose'), slackLimits.placeholder),
        },
      },
    ],
  };
}
