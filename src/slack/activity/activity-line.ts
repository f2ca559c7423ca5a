import type { types } from '@slack/bolt';
import type { EngineLink, WaitingJoin } from '../../engines/engine.ts';
import type { Start } from '../../starts/queries.ts';
import type { Words } from '../../words/words.ts';
import { fitText } from '../block-kit/fit-text.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { listSome } from '../block-kit/list-some.ts';
import { joined, link as linkTo, type Markup, markup, say } from '../block-kit/markup.ts';
import { plainText, section } from '../block-kit/text-objects.ts';
import { shortName } from '../task-form/task-message.ts';
import { canRetry } from './can-retry.ts';
import { canCancel, cancelButton } from './cancel-button.ts';

export const retryFromLineActionId = 'retry_start_from_line';
export const cancelFromLineActionId = 'cancel_start_from_line';

/** The content of the activity channel's line about a start. Names are plain text as people write them. */
export interface ActivityLine {
  start: Pick<
    Start,
    'id' | 'processName' | 'status' | 'reason' | 'event' | 'processInstanceKey' | 'facts' | 'isHeld' | 'waitingJoins'
  >;
  /** The person who started it; undefined: an event did. */
  startedBy: string | undefined;
  /** The client's name; undefined if the session has none yet. */
  client: string | undefined;
  /** URL of the message or conversation that it was started from. */
  link: string;
  /** The open tasks with the people who have them, and the names in the process that Slack does not know. */
  tasks: { name: string; holders: string[]; unknown: string[] }[];
  /** Where the process can be seen in its engine's own application. */
  elsewhere?: EngineLink | undefined;
  /** Whether to show Retry if the start can be retried. */
  offerRetry: boolean;
  /** Whether to show Cancel if the start can be cancelled. */
  offerCancel?: boolean;
}

/** A start as one message. Names are not mentions: updating a line must not notify anybody. */
export function activityLine(words: Words, line: ActivityLine): { text: Markup; blocks: types.KnownBlock[] } {
  const { start } = line;
  const state = stateText(words, line);
  return {
    text: markup`${start.processName}: ${state}`,
    blocks: [
      {
        ...section(joined([headText(words, line), standingText(words, line)], '\n')),
        ...(line.offerCancel && canCancel(start) && { accessory: cancelButton(words, cancelFromLineActionId, start) }),
      },
      ...(line.offerRetry && canRetry(start) ? [retryButton(words, start.id)] : []),
    ],
  };
}

function headText(words: Words, line: ActivityLine): Markup {
  const { start, client, link } = line;
  const values = {
    process: start.processName,
    session: linkTo(link, `#${start.facts.sessionName}`),
    origin: originText(words, line),
  };
  return client === undefined
    ? say(words, 'activity.head', values)
    : say(words, 'activity.headForClient', { ...values, client });
}

/** Names the person or event that started the process. */
export function originText(words: Words, { start, startedBy }: Pick<ActivityLine, 'start' | 'startedBy'>): Markup {
  return startedBy === undefined
    ? say(words, 'activity.onEvent', { event: words(start.event ? `event.${start.event}` : 'event.unknown') })
    : say(words, 'activity.byPerson', { person: startedBy });
}

/** Maximum length of an engine's reason, which may be a page long. *Why?* shows all of it. */
const longestReason = 400;

/** The status, with a link to the process if there is one. */
export function standingText(
  words: Words,
  line: Parameters<typeof stateText>[1] & Pick<ActivityLine, 'elsewhere'>,
): Markup {
  const state = stateText(words, line);
  return line.elsewhere ? joined([state, engineLink(words, line.elsewhere)], ' · ') : state;
}

export const engineLink = (words: Words, { engine, url }: EngineLink): Markup =>
  linkTo(url, words('engine.open', { engine }));

/** The status in words. */
export function stateText(
  words: Words,
  {
    start,
    tasks,
  }: Pick<ActivityLine, 'tasks'> & { start: Pick<Start, 'status' | 'reason' | 'isHeld' | 'waitingJoins'> },
): Markup {
  const reason = start.reason ? fitText(words(start.reason), longestReason) : '';
  switch (start.status) {
    case 'waiting':
      if (start.isHeld) return say(words, 'activity.held');
      return reason ? say(words, 'activity.waits', { reason }) : say(words, 'activity.starting');
    case 'running': {
      if (reason) return say(words, 'activity.stuck', { reason });
      const joins = (start.waitingJoins ?? []).map((join) => joinText(words, join));
      const waits = [...tasks.map((task) => taskText(words, task)), ...joins];
      return waits.length === 0
        ? say(words, 'activity.running')
        : say(words, 'activity.runningTasks', { tasks: joined(waits, '; ') });
    }
    case 'completed':
      return say(words, 'activity.completed');
    case 'failed':
      return reason ? say(words, 'activity.failedBecause', { reason }) : say(words, 'activity.failed');
    case 'cancelled':
      return reason ? say(words, 'activity.cancelledBecause', { reason }) : say(words, 'activity.cancelled');
  }
}

/** How far a join has come: `waits at *Both done* for 1 of 2`. */
function joinText(words: Words, { name, missing, of }: WaitingJoin): Markup {
  return say(words, 'activity.waitsAtJoin', { join: name, missing, of });
}

function taskText(words: Words, task: ActivityLine['tasks'][number]): Markup {
  const names = task.unknown.map(shortName);
  const text = holdersText(words, task);
  if (names.length === 0) return text;
  return joined([text, say(words, 'activity.unknownNames', { names: listSome(words, names, 5) })], ' ');
}

function holdersText(words: Words, { name, holders }: ActivityLine['tasks'][number]): Markup {
  if (holders.length === 0) return say(words, 'activity.taskOfNobody', { task: name });
  return say(words, 'activity.taskOf', { task: name, holders: listSome(words, holders, 5) });
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
