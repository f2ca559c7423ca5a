import type { types } from '@slack/bolt';
import type { UserTask } from '../../engines/engine.ts';
import type { Start } from '../../starts/queries.ts';
import { escapeMrkdwn, plainText, slackLimits } from '../block-kit/limits.ts';
import { mentionUser, section } from './views.ts';

export const openTaskActionId = 'open_task';

/** What a direct message about a user task is made of. */
export interface TaskNotice {
  task: Pick<UserTask, 'key' | 'name' | 'processName' | 'status' | 'completedBy'>;
  start: Pick<Start, 'facts'>;
  /** Link to the conversation, or the message in it, that the process was started from. */
  link: string;
}

/** The direct message that tells a person of a task, and later that it is over. `text` is for notifications. */
export function taskMessage({ task, start, link }: TaskNotice): { text: string; blocks: types.KnownBlock[] } {
  const name = escapeMrkdwn(task.name);
  const about = `${escapeMrkdwn(task.processName)} · <${link}|#${escapeMrkdwn(start.facts.sessionName)}>`;
  if (task.status !== 'open') {
    const end =
      task.status === 'cancelled'
        ? 'No longer needed'
        : `✅ Done${task.completedBy ? ` by ${mentionUser(task.completedBy)}` : ''}`;
    return { text: `${end}: ${name}`, blocks: [section(`~${name}~\n${about}\n${end}`)] };
  }
  return {
    text: `You have a task: ${name}`,
    blocks: [
      section(`You have a task: *${name}*\n${about}`),
      {
        type: 'actions',
        elements: [
          {
            type: 'button',
            action_id: openTaskActionId,
            text: plainText('Open task', slackLimits.buttonText),
            value: task.key,
            style: 'primary',
          },
        ],
      },
    ],
  };
}
