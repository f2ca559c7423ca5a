import type { types } from '@slack/bolt';
import { bindingEvents } from '../../bindings/queries.ts';
import type { Start } from '../../starts/queries.ts';
import { escapeMrkdwn, mrkdwn, plainText, slackLimits } from '../block-kit/limits.ts';

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
export function activityLine(line: ActivityLine): { text: string; blocks: types.KnownBlock[] } {
  const { start, client, link } = line;
  const head = `*${escapeMrkdwn(start.processName)}*${client === undefined ? '' : ` for ${escapeMrkdwn(client)}`} in <${link}|#${escapeMrkdwn(start.facts.sessionName)}>, started ${originText(line)}`;
  const state = stateText(line);
  const canRetry = line.offerRetry && start.status === 'failed' && start.processInstanceKey === null;
  return {
    text: `${escapeMrkdwn(start.processName)}: ${state}`.slice(0, slackLimits.messageText),
    blocks: [{ type: 'section', text: mrkdwn(`${head}\n${state}`) }, ...(canRetry ? [retryButton(start.id)] : [])],
  };
}

/** Who or what started it. */
export function originText({ start, startedBy }: Pick<ActivityLine, 'start' | 'startedBy'>): string {
  const event = bindingEvents.find((one) => one.event === start.event);
  return startedBy === undefined ? `on _${event?.label ?? 'an event'}_` : `by ${escapeMrkdwn(startedBy)}`;
}

/** How it stands. */
export function stateText({ start, tasks }: Pick<ActivityLine, 'start' | 'tasks'>): string {
  const reason = escapeMrkdwn(start.reason ?? '');
  switch (start.status) {
    case 'waiting':
      if (start.isHeld) return '⏸️ Held: the session is marked as spam';
      return reason ? `⏳ Waits and is tried again: ${reason}` : '⏳ Starting';
    case 'running':
      if (reason) return `⚠️ Stuck: ${reason}`;
      return tasks.length === 0 ? '▶️ Running' : `▶️ Running: ${tasks.map(taskText).join('; ')}`;
    case 'completed':
      return '✅ Completed';
    case 'failed':
      return `❌ Failed${reason ? `: ${reason}` : ''}`;
    case 'cancelled':
      return `🚫 Cancelled${reason ? `: ${reason}` : ''}`;
  }
}

function taskText({ name, holders }: ActivityLine['tasks'][number]): string {
  const names = holders.length > 5 ? [...holders.slice(0, 5), `${holders.length - 5} more`] : holders;
  return `“${escapeMrkdwn(name)}” waits for ${names.map(escapeMrkdwn).join(', ') || 'nobody'}`;
}

function retryButton(startId: string): types.ActionsBlock {
  return {
    type: 'actions',
    elements: [
      {
        type: 'button',
        action_id: retryFromLineActionId,
        text: plainText('Retry', slackLimits.buttonText),
        value: startId,
      },
    ],
  };
}
