import type { Session } from '../../sessions/session.ts';
import { type Message, message } from '../../words/message.ts';

/** Where the value of a property comes from; undefined if there is nothing to add to the value. */
export function originOf(code: string, session: Session): Message | undefined {
  switch (code) {
    case 'session.name':
      return message(session.givenName === null ? 'session.origin.channelName' : 'session.origin.givenName');
    case 'session.status':
      return statusOrigin(session);
    case 'session.messageCount':
      return message('session.origin.counted');
    case 'session.openedAt':
      return message('session.origin.firstHeard');
    case 'client.user':
      return clientOrigin(session);
    case 'operator.user':
      return message('session.origin.lastAnswered');
    case 'session.transcript':
      return message('session.origin.transcript');
    case 'liveChat.name':
      return message('session.origin.settings');
  }
  if (code.startsWith('message.')) return message('session.origin.message');
  if (code.startsWith('client.') || code.startsWith('operator.')) return message('session.origin.profile');
  return undefined;
}

function statusOrigin({ status, statusBy }: Session): Message {
  if (statusBy === null) return message('session.origin.statusOfConversation');
  const by = { user: statusBy };
  switch (status) {
    case 'spam':
      return message('session.origin.markedBy', { by });
    case 'closed':
      return message('session.origin.closedBy', { by });
    case 'open':
      return message('session.origin.reopenedBy', { by });
  }
}

function clientOrigin({ clientOrigin: origin, clientChosenBy }: Session): Message {
  switch (origin) {
    case 'joined':
      return message('session.origin.clientJoined');
    case 'member':
      return message('session.origin.clientMember');
    case 'chosen':
      return message('session.origin.clientChosen', { by: { user: clientChosenBy ?? '' } });
    default:
      return message('session.origin.clientWrote');
  }
}
