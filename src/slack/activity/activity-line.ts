import type { types } from '@slack/bolt';
import type { Start } from '../../starts/queries.ts';
import type { Words } from '../../words/words.ts';
import { fitText } from '../block-kit/fit-text.ts';
import { escapeMrkdwn, mrkdwn, plainText, slackLimits } from '../block-kit/limits.ts';
import { listSome } from '../block-kit/list-some.ts';
import { canRetry } from './can-retry.ts';

export const retryFromLineActionId = 'retry_start_from_line';

/** What a line about a start tells. Names are as people write them, not escaped. */
export interface ActivityLine {
  start: Pick<Start, 'id' | 'processName' | 'status' | 'reason' | 'event' | 'processInstanceKey' | 'facts' | 'isHeld'>;
  /** Who started it; undefined: an event did. */
  startedBy: string | undefined;
  /** For whom; undefined: nobody is known. */
  client: string | undefined;
  /** To the message or conversation that it was started from. */
  link: string;
  /** The open tasks, with who has each. */
  tasks: { name: string; holders: string[] }[];
  /** Whether to offer Retry where that makes sense. */
  offerRetry: boolean;
}

/** A start in one message. Names are not mentions: a line that is brought up to date must not call anybody. */
export function activityLine(words: Words, line: ActivityLine): { text: string; blocks: types.KnownBlock[] } {
  const { start } = line;
  const state = stateText(words, line);
  return {
    text: `${escapeMrkdwn(start.processName)}: ${state}`.slice(0, slackLimits.messageText),
    blocks: [
      { type: 'section', text: mrkdwn(`${headText(words, line)}\n${state}`) },
      ...(line.offerRetry && canRetry(start) ? [retryButton(words, start.id)] : []),
    ],
  };
}

function headText(words: Words, line: ActivityLine): string {
  const { start, client, link } = line;
  const values = {
    process: escapeMrkdwn(start.processName),
    session: `<${link}|#${escapeMrkdwn(start.facts.sessionName)}>`,
    origin: originText(words, line),
  };
  return client === undefined
    ? words('activity.head', values)
    : words('activity.headForClient', { ...values, client: escapeMrkdwn(client) });
}

/** Who or what started it. */
export function originText(words: Words, { start, startedBy }: Pick<ActivityLine, 'start' | 'startedBy'>): string {
  return startedBy === undefined
    ? words('activity.onEvent', { event: words(start.event ? `event.${start.event}` : 'event.unknown') })
    : words('activity.byPerson', { person: escapeMrkdwn(startedBy) });
}

/** Of an engine's reason, which may be a whole page of an answer: *Why?* tells it all. */
const longestReason = 400;

/** How it stands. */
export function stateText(
  words: Words,
  { start, tasks }: Pick<ActivityLine, 'tasks'> & { start: Pick<Start, 'status' | 'reason' | 'isHeld'> },
): string {
  const reason = start.reason ? escapeMrkdwn(fitText(words(start.reason), longestReason)) : '';
  switch (start.status) {
    case 'waiting':
      if (start.isHeld) return words('activity.held');
      return reason ? words('activity.waits', { reason }) : words('activity.starting');
    case 'running': {
      if (reason) return words('activity.stuck', { reason });
      if (tasks.length === 0) return words('activity.running');
      return words('activity.runningTasks', { tasks: tasks.map((task) => taskText(words, task)).join('; ') });
    }
    case 'completed':
      return words('activity.completed');
    case 'failed':
      return reason ? words('activity.failedBecause', { reason }) : words('activity.failed');
    case 'cancelled':
      return reason ? words('activity.cancelledBecause', { reason }) : words('activity.cancelled');
  }
}

function taskText(words: Words, { name, holders }: ActivityLine['tasks'][number]): string {
  const task = escapeMrkdwn(name);
  if (holders.length === 0) return words('activity.taskOfNobody', { task });
  return words('activity.taskOf', { task, holders: listSome(words, holders.map(escapeMrkdwn), 5) });
}

function retryButton(words: Words, startId: string): types.ActionsBlock {
  return {
    type: 'actions',
    elements: [
      {
        type: 'button',
        action_id: retryFromLineActionId,
        text: plainText(words('button.retry'), slackLimits.buttonText),
        value: startId,
      },
    ],
  };
}
