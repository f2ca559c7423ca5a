import type { Deferral, MessageRecord } from '../../intake/message-trace.ts';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import type { Session } from '../../sessions/session.ts';
import type { Start } from '../../starts/queries.ts';
import { type Message, message } from '../../words/message.ts';
import type { Words } from '../../words/words.ts';
import type { OwnedMessage } from '../whose-message.ts';

/** Facts about a message, from Slack and from the records. */
export interface Evidence {
  at: Date;
  reading: OwnedMessage;
  /** The live chat depends on who the author is, but Slack does not show them. */
  isHidden: boolean;
  record: MessageRecord | undefined;
  deferral: Deferral | undefined;
  session: Pick<Session, 'joinedAt' | 'openedAt' | 'removedAt'>;
  liveChat: Pick<LiveChat, 'createdAt'>;
  /** The starts that the message made, including manual ones. */
  starts: Start[];
  /** The reader's language. */
  words: Words;
}

/** The starts that the message made by itself, one text each; else the reason why it started nothing. */
export function verdictsOf(evidence: Evidence): [Message, ...Message[]] {
  const [first, ...others] = evidence.starts.filter(({ event }) => event !== null);
  return first ? [verdictOfStart(first), ...others.map(verdictOfStart)] : [verdictOfNone(evidence)];
}

function verdictOfNone(evidence: Evidence): Message {
  const { record, deferral, isHidden } = evidence;
  if (!record) return deferral ? verdictOfDeferral(deferral) : verdictUnheard(evidence);
  switch (record.author) {
    case 'staff':
      // The client's silence may have been waited for.
      return message(record.heldBack ? 'why.allHeldBack' : 'why.staff');
    case 'bystander':
      return message(isHidden ? 'why.hiddenBystander' : 'why.bystander');
    case 'process':
    case 'app':
      return message('why.app');
    case 'client':
      return verdictOfClient(record);
    default:
      return message('why.untraced');
  }
}

function verdictOfDeferral({ attempts, isSetAside }: Deferral): Message {
  return isSetAside ? message('why.deliverySetAside') : message('why.deferred', { count: attempts });
}

function verdictOfClient({ sessionStatus, isBound, heldBack }: MessageRecord): Message {
  if (sessionStatus === 'spam') return message('why.spam');
  if (heldBack) return message('why.allHeldBack');
  return message(isBound ? 'why.startGone' : 'why.unbound');
}

/** The verdict for a message that was not recorded. */
function verdictUnheard({ reading, at, session, liveChat, words }: Evidence): Message {
  if (reading.kind === 'nothing') return message('why.notWritten');
  if (session.removedAt && at >= session.removedAt) return message('why.removed');
  if (session.joinedAt && at < session.joinedAt) {
    return message('why.beforeJoining', { at: words.dateTime(session.joinedAt) });
  }
  if (at < liveChat.createdAt) return message('why.beforeLiveChat', { at: words.dateTime(liveChat.createdAt) });
  if (at < session.openedAt) return message('why.beforeSession', { at: words.dateTime(session.openedAt) });
  return message('why.unheard');
}

function verdictOfStart({ processName: process, status, reason, isHeld }: Start): Message {
  const why = reason ?? '';
  switch (status) {
    case 'waiting':
      if (isHeld) return message('why.held', { process });
      return reason ? message('why.waitsBecause', { process, reason: why }) : message('why.waits', { process });
    case 'running':
      return reason ? message('why.stuck', { process, reason: why }) : message('why.running', { process });
    case 'completed':
      return message('why.completed', { process });
    case 'failed':
      return message('why.failed', { process, reason: why });
    case 'cancelled':
      return message('why.cancelled', { process });
  }
}
