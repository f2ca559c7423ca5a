import type { types } from '@slack/bolt';
import type { ModalView } from '@slack/web-api';
import { isSetAside } from '../../db/due-queue.ts';
import type { Session } from '../../sessions/session.ts';
import type { Start } from '../../starts/queries.ts';
import type { Words } from '../../words/words.ts';
import { type ActivityLine, originText, standingText } from '../activity/activity-line.ts';
import { canCancel, cancelButton } from '../activity/cancel-button.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { joined, type Markup, markup, say } from '../block-kit/markup.ts';
import { mrkdwn, plainText, section } from '../block-kit/text-objects.ts';
import { type StartPlace, writePlace } from '../start-process/start-place.ts';
import { retryStartActionId } from '../start-process/views.ts';

export const sessionCardCallbackId = 'session_card';

/** Action ids of the card's buttons. */
export const cardActions = {
  start: 'session_start_process',
  markSpam: 'session_mark_spam',
  unmarkSpam: 'session_unmark_spam',
  close: 'session_close',
  reopen: 'session_reopen',
  correctClient: 'session_correct_client',
  rename: 'session_rename',
  rejoin: 'session_rejoin',
  diagram: 'session_diagram',
  retry: 'session_retry',
  setVariable: 'session_set_variable',
  move: 'session_move',
  cancelStart: 'session_cancel_start',
} as const;

export interface CardProperty {
  code: string;
  label: string;
  value: Markup;
  /** Where the value comes from; undefined if there is nothing to add. */
  origin: Markup | undefined;
}

export type CardProcess = ActivityLine & {
  start: Pick<Start, 'createdAt'>;
  /** Whether the embedded engine runs it. */
  isOurs: boolean;
};

export interface SessionCard {
  place: StartPlace;
  session: Pick<
    Session,
    'name' | 'givenName' | 'status' | 'closedAt' | 'joinDueAt' | 'isMember' | 'isPrivate' | 'removedAt'
  >;
  /** The person who removed the app from the channel, if Slack said so. */
  removedBy: string | undefined;
  /** Whether to offer that the app joins the channel again after it was removed. */
  canBringBack: boolean;
  liveChatName: string;
  canStart: boolean;
  /** Whether the person may cancel processes and resolve incidents. */
  canMend: boolean;
  /** Whether the conversation is archived or deleted, so that the session cannot be opened by hand. */
  isArchived: boolean;
  properties: CardProperty[];
  /** Newest first. */
  processes: CardProcess[];
  earlierProcesses: number;
}

/** The session card: the session's properties with their origins, its processes, and actions. */
export function sessionCardModal(card: SessionCard, words: Words): ModalView {
  const { place, session, liveChatName } = card;
  const name = session.givenName ?? `#${session.name}`;
  return {
    type: 'modal',
    callback_id: sessionCardCallbackId,
    private_metadata: writePlace(place),
    title: plainText(words('session.title'), slackLimits.viewTitle),
    close: plainText(words('button.close'), slackLimits.viewSubmit),
    blocks: [
      section(
        say(words, 'session.head', { name, liveChat: liveChatName, status: words(`session.status.${session.status}`) }),
      ),
      ...absenceText(card, words).map((text) => section(text)),
      { type: 'actions', elements: buttons(card, words) },
      { type: 'divider' },
      ...processBlocks(card, words),
      { type: 'divider' },
      ...propertyBlocks(card.properties),
    ],
  };
}

/** Why the app does not receive the messages of an open session. */
function absenceText({ session, removedBy, isArchived }: SessionCard, words: Words): Markup[] {
  const { isMember, isPrivate, removedAt, joinDueAt } = session;
  if (removedAt) {
    const at = words.dateTime(removedAt);
    if (removedBy === undefined) return [say(words, 'session.removed', { at })];
    return [say(words, 'session.removedBy', { at, person: removedBy })];
  }
  if (isSetAside(joinDueAt)) return [say(words, 'session.joinSetAside')];
  return isPrivate && !isMember && !isArchived ? [say(words, 'session.absent')] : [];
}

function buttons({ session, canStart, canBringBack, isArchived }: SessionCard, words: Words): types.Button[] {
  const button = (
    action: 'start' | 'markSpam' | 'unmarkSpam' | 'close' | 'reopen' | 'correctClient' | 'rename' | 'rejoin',
    extra: Partial<types.Button> = {},
  ): types.Button => ({
    type: 'button',
    action_id: cardActions[action],
    text: plainText(words(`session.button.${action}`), slackLimits.buttonText),
    ...extra,
  });
  const asking = (question: 'session.confirmSpam' | 'session.confirmClose', action: 'markSpam' | 'close') => ({
    confirm: {
      title: plainText(words(`session.button.${action}`), 100),
      text: plainText(words(question), 300),
      confirm: plainText(words(`session.button.${action}`), 30),
      deny: plainText(words('button.cancel'), 30),
    },
  });
  return [
    ...(canStart ? [button('start', { style: 'primary' })] : []),
    ...(session.status === 'spam'
      ? [button('unmarkSpam')]
      : [button('markSpam', asking('session.confirmSpam', 'markSpam'))]),
    ...(isArchived || session.status === 'spam'
      ? []
      : [session.closedAt === null ? button('close', asking('session.confirmClose', 'close')) : button('reopen')]),
    button('correctClient'),
    button('rename'),
    ...(canBringBack ? [button('rejoin')] : []),
  ];
}

function processBlocks({ processes, earlierProcesses, canMend }: SessionCard, words: Words): types.KnownBlock[] {
  if (processes.length === 0) return [section(say(words, 'session.noProcesses'))];
  return [
    section(say(words, 'session.processes')),
    ...processes.flatMap((line): types.KnownBlock[] => {
      const { start } = line;
      const head = markup`*${start.processName}* · ${originText(words, line)} · ${words.dateTime(start.createdAt)}`;
      const row: types.SectionBlock = {
        type: 'section',
        // An actions block per row: Slack distinguishes rows by their block.
        block_id: `start:${start.id}`,
        text: mrkdwn(joined([head, standingText(words, line)], '\n')),
        ...(start.status === 'failed' && start.processInstanceKey === null
          ? { accessory: retryButton(start.id, words) }
          : {}),
        ...(start.processInstanceKey === null ? {} : { accessory: diagramButton(start.id, words) }),
      };
      return canMend && canCancel(start) ? [row, mendButtons(line, words)] : [row];
    }),
    ...(earlierProcesses > 0 ? [section(say(words, 'session.earlierProcesses', { count: earlierProcesses }))] : []),
  ];
}

/** Buttons for supervisors at a process that runs or has an incident. */
function mendButtons({ start, isOurs }: CardProcess, words: Words): types.ActionsBlock {
  const button = (actionId: string, text: string): types.Button => ({
    type: 'button',
    action_id: actionId,
    text: plainText(text, slackLimits.buttonText),
    value: start.id,
  });
  const isStuck = start.status === 'running' && start.reason !== null;
  return {
    type: 'actions',
    block_id: `mend:${start.id}`,
    elements: [
      ...(isStuck
        ? [
            button(cardActions.retry, words('button.retry')),
            button(cardActions.setVariable, words('mend.title')),
            ...(isOurs ? [button(cardActions.move, words('move.button'))] : []),
          ]
        : []),
      cancelButton(words, cardActions.cancelStart, start),
    ],
  };
}

function diagramButton(startId: string, words: Words): types.Button {
  return {
    type: 'button',
    action_id: cardActions.diagram,
    text: plainText(words('session.diagram'), slackLimits.buttonText),
    value: startId,
  };
}

function retryButton(startId: string, words: Words): types.Button {
  return {
    type: 'button',
    action_id: retryStartActionId,
    text: plainText(words('button.retry'), slackLimits.buttonText),
    value: startId,
  };
}

/** A block for each kind of property: session, client, operator, message. */
function propertyBlocks(properties: CardProperty[]): types.KnownBlock[] {
  const kinds = new Map<string, CardProperty[]>();
  for (const property of properties) {
    const kind = property.code.startsWith('liveChat.') ? 'session' : (property.code.split('.')[0] ?? '');
    kinds.set(kind, [...(kinds.get(kind) ?? []), property]);
  }
  return [...kinds.values()].map((ofKind) => section(joined(ofKind.map(propertyLine), '\n')));
}

function propertyLine({ label, value, origin }: CardProperty): Markup {
  const line = markup`*${label}:* ${value}`;
  return origin === undefined ? line : markup`${line} — _${origin}_`;
}
