import type { types } from '@slack/bolt';
import type { UserTask } from '../../engines/engine.ts';
import type { Start } from '../../starts/queries.ts';
import type { Words } from '../../words/words.ts';
import { fitText } from '../block-kit/fit-text.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { listSome } from '../block-kit/list-some.ts';
import { withoutControls } from '../block-kit/literal-text.ts';
import { joined, link as linkTo, type Markup, markup, mention, notification, say } from '../block-kit/markup.ts';
import { plainText, section } from '../block-kit/text-objects.ts';
import type { ReminderKind } from '../notices/task-reminders.ts';
import type { Standing } from './standing.ts';
import { claimTaskActionId, openTaskActionId, reassignTaskActionId } from './task-actions.ts';

/** Maximum length of the quoted message. */
const quoteLength = 300;

/** The content of a direct message about a user task. Names and quote are plain text. */
export interface TaskNotice {
  task: Pick<UserTask, 'key' | 'name' | 'processName' | 'dueDate'>;
  standing: Standing;
  start: Pick<Start, 'facts'>;
  /** URL of the message or conversation that the process was started from. */
  link: string;
  client: string | undefined;
  /** Readable text of the message that the process was started from. */
  quote: string | undefined;
  /** Names from the process that Slack does not know, if the task fell to others. */
  unknown: string[];
  /** Set if the message is a reminder. */
  reminder?: ReminderKind | undefined;
}

/** The direct message about a task; later updated with its holder or its end. `text` is for notifications. */
export function taskMessage(words: Words, notice: TaskNotice): { text: string; blocks: types.KnownBlock[] } {
  const { task, standing, start, link } = notice;
  const { name } = task;
  const about = joined([task.processName, linkTo(link, `#${start.facts.sessionName}`)], ' · ');
  const end = endText(words, standing);
  if (end !== undefined) {
    return { text: notification(markup`${end}: ${name}`), blocks: [section(markup`~${name}~\n${about}\n${end}`)] };
  }
  const head = headText(words, notice, name);
  return {
    text: notification(head.short),
    blocks: [
      section(joined([head.text, about, ...contextLines(words, notice)], '\n')),
      ...(notice.quote ? [quotation(notice.quote)] : []),
      actions(words, notice),
    ],
  };
}

/** The reason why the person has nothing (more) to do. */
function endText(words: Words, standing: Standing): Markup | undefined {
  switch (standing.kind) {
    case 'taken':
      return say(words, 'tasks.takenBy', { person: mention(standing.by) });
    case 'done':
      return standing.by === undefined
        ? say(words, 'tasks.done')
        : say(words, 'tasks.doneBy', { person: mention(standing.by) });
    case 'cancelled':
      return say(words, 'tasks.notNeeded');
    default:
      return undefined;
  }
}

function headText(words: Words, { standing, reminder }: TaskNotice, task: string): { text: Markup; short: Markup } {
  if (reminder === 'due')
    return { text: say(words, 'tasks.remindDue', { task }), short: say(words, 'tasks.remindDueShort', { task }) };
  if (reminder === 'follow_up') {
    return {
      text: say(words, 'tasks.remindFollowUp', { task }),
      short: say(words, 'tasks.remindFollowUpShort', { task }),
    };
  }
  return standing.kind === 'offered'
    ? { text: say(words, 'tasks.offered', { task }), short: say(words, 'tasks.offeredShort', { task }) }
    : { text: say(words, 'tasks.yours', { task }), short: say(words, 'tasks.yoursShort', { task }) };
}

function contextLines(words: Words, { task, standing, client, unknown }: TaskNotice): Markup[] {
  return [
    ...(client === undefined ? [] : [say(words, 'tasks.client', { client })]),
    ...(task.dueDate ? [say(words, 'tasks.due', { date: words.dateTime(task.dueDate) })] : []),
    ...unknownLines(words, unknown),
    ...(standing.kind === 'offered' && standing.isForAll ? [markup`_${say(words, 'tasks.forAll')}_`] : []),
  ];
}

/** Says that the task went to people other than the ones that the process names. */
export function unknownLines(words: Words, unknown: string[]): Markup[] {
  if (unknown.length === 0) return [];
  return [say(words, 'tasks.unknown', { names: listSome(words, unknown.map(shortName), 5) })];
}

/** Shortens a name from a process, which can be any text. */
export const shortName = (name: string) => fitText(name, 80);

/** The client's message as rich text, which is not parsed as markup and needs no escaping. */
function quotation(text: string): types.RichTextBlock {
  const quoted = withoutControls(fitText(text.trim(), quoteLength).replaceAll(/\s*\n\s*/g, '\n'));
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_quote', elements: [{ type: 'text', text: quoted }] }],
  };
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
