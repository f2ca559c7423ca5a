import type { types } from '@slack/bolt';
import type { UserTask } from '../../engines/engine.ts';
import type { Start } from '../../starts/queries.ts';
import type { ReminderKind } from '../../starts/task-reminders.ts';
import type { Words } from '../../words/words.ts';
import { fitText } from '../block-kit/fit-text.ts';
import { escapeMrkdwn, plainText, slackLimits } from '../block-kit/limits.ts';
import type { Standing } from './standing.ts';
import { claimTaskActionId, openTaskActionId, reassignTaskActionId } from './task-actions.ts';
import { mentionUser, section } from './views.ts';

/** How much of the message that a process was started from is quoted. */
const quoteLength = 300;

/** What a direct message about a user task is made of. Names and quote are as people write them, not escaped. */
export interface TaskNotice {
  task: Pick<UserTask, 'key' | 'name' | 'processName' | 'dueDate'>;
  standing: Standing;
  start: Pick<Start, 'facts'>;
  /** Link to the conversation, or the message in it, that the process was started from. */
  link: string;
  client: string | undefined;
  /** The message that the process was started from, as people read it. */
  quote: string | undefined;
  /** The message reminds of the task. */
  reminder?: ReminderKind | undefined;
}

/** The direct message that tells a person of a task, and later who has it or that it is over. `text` is for notifications. */
export function taskMessage(words: Words, notice: TaskNotice): { text: string; blocks: types.KnownBlock[] } {
  const { task, standing, start, link } = notice;
  const name = escapeMrkdwn(task.name);
  const about = `${escapeMrkdwn(task.processName)} · <${link}|#${escapeMrkdwn(start.facts.sessionName)}>`;
  const end = endText(words, standing);
  if (end !== undefined) return { text: `${end}: ${name}`, blocks: [section(`~${name}~\n${about}\n${end}`)] };
  const head = headText(words, notice, name);
  return {
    text: head.short,
    blocks: [section([head.text, about, ...contextLines(words, notice)].join('\n')), actions(words, notice)],
  };
}

/** Why there is nothing (more) to do for the person. */
function endText(words: Words, standing: Standing): string | undefined {
  switch (standing.kind) {
    case 'taken':
      return words('tasks.takenBy', { person: mentionUser(standing.by) });
    case 'done':
      return standing.by === undefined
        ? words('tasks.done')
        : words('tasks.doneBy', { person: mentionUser(standing.by) });
    case 'cancelled':
      return words('tasks.notNeeded');
    default:
      return undefined;
  }
}

function headText(words: Words, { standing, reminder }: TaskNotice, task: string): { text: string; short: string } {
  if (reminder === 'due')
    return { text: words('tasks.remindDue', { task }), short: words('tasks.remindDueShort', { task }) };
  if (reminder === 'follow_up') {
    return { text: words('tasks.remindFollowUp', { task }), short: words('tasks.remindFollowUpShort', { task }) };
  }
  return standing.kind === 'offered'
    ? { text: words('tasks.offered', { task }), short: words('tasks.offeredShort', { task }) }
    : { text: words('tasks.yours', { task }), short: words('tasks.yoursShort', { task }) };
}

function contextLines(words: Words, { task, standing, client, quote }: TaskNotice): string[] {
  return [
    ...(client === undefined ? [] : [words('tasks.client', { client: escapeMrkdwn(client) })]),
    ...(task.dueDate ? [words('tasks.due', { date: words.dateTime(task.dueDate) })] : []),
    ...(standing.kind === 'offered' && standing.isForAll ? [`_${words('tasks.forAll')}_`] : []),
    ...(quote ? [quoted(quote)] : []),
  ];
}

function quoted(text: string): string {
  return fitText(text.trim(), quoteLength)
    .split(/\s*\n\s*/)
    .map((line) => `> ${escapeMrkdwn(line)}`)
    .join('\n');
}

function actions(words: Words, { task, standing }: TaskNotice): types.ActionsBlock {
  const isOffered = standing.kind === 'offered';
  const button = (actionId: string, text: string): types.Button => ({
    type: 'button',
    action_id: actionId,
    text: plainText(text, slackLimits.buttonText),
    value: task.key,
  });
  const open = button(openTaskActionId, words('tasks.open'));
  return {
    type: 'actions',
    elements: isOffered
      ? [{ ...button(claimTaskActionId, words('tasks.claim')), style: 'primary' }, open]
      : [{ ...open, style: 'primary' }, button(reassignTaskActionId, words('tasks.reassign'))],
  };
}
