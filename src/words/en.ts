/**
 * What Kickoff says in English, in ICU MessageFormat; every other language has the same keys and placeholders. A text that
 * is Slack markup is filled with what is escaped already.
 */
export const en = {
  unknownText: 'Another version of Kickoff knows why.',

  'button.close': 'Close',
  'button.cancel': 'Cancel',
  'button.save': 'Save',
  'button.retry': 'Retry',
  'value.yes': 'yes',
  'value.no': 'no',

  'session.title': 'Live-chat session',
  'session.noLiveChat': 'This conversation belongs to no live chat, so it has no session.',
  'session.changeInConfig':
    'You can change that with `/livechat-config`. If it is a private channel, add Kickoff to it first.',
  'session.askAdministrator': 'An administrator can change that.',
  'session.staffOnly': 'Only operators and supervisors of this live chat, and administrators, see its sessions.',
  'session.head': '*{name}* · {status}\nLive chat *{liveChat}*',
  'session.status.open': 'open',
  'session.status.closed': 'closed',
  'session.status.spam': 'spam',
  'session.button.start': 'Start a process',
  'session.button.markSpam': 'Mark as spam',
  'session.button.unmarkSpam': 'Not spam',
  'session.button.close': 'Close session',
  'session.button.reopen': 'Reopen session',
  'session.button.correctClient': 'Correct the client',
  'session.button.rename': 'Edit the name',
  'session.confirmSpam':
    'No process starts from this session any more, and what waits to be started is held until you take the mark back. What runs already goes on.',
  'session.confirmClose':
    'The conversation goes on and the client sees nothing of this. Their next message reopens the session.',
  'session.processes': '*Processes*',
  'session.noProcesses': 'No process was started from this session yet.',
  'session.earlierProcesses': '{count, plural, one {and # earlier one} other {and # earlier ones}}',
  'session.client': 'Client',
  'session.clientHint': 'Members of the conversation who are neither operators nor supervisors.',
  'session.noSuchClient': 'This person cannot be the client: they are not in the conversation, or serve it.',
  'session.name': 'Name',
  'session.nameHint':
    'For your colleagues; the channel keeps its name. Leave it empty to call the session as its channel.',
  'session.saved': 'Saved.',
  'session.origin.channelName': 'the channel’s name',
  'session.origin.givenName': 'given by staff; the channel has its own',
  'session.origin.statusOfConversation': 'as the conversation is in Slack',
  'session.origin.markedBy': 'marked by {by}',
  'session.origin.closedBy': 'closed by {by}',
  'session.origin.reopenedBy': 'reopened by {by}',
  'session.origin.counted': 'counted since the session is known',
  'session.origin.firstHeard': 'the channel’s creation, or when Kickoff first heard of it',
  'session.origin.transcript': 'the last 50 messages',
  'session.origin.settings': 'the live chat’s settings',
  'session.origin.clientWrote': 'the first to write who is no operator or supervisor',
  'session.origin.clientJoined': 'the first from outside to join',
  'session.origin.clientMember': 'the only member from outside',
  'session.origin.clientChosen': 'chosen by {by}',
  'session.origin.lastAnswered': 'who answered last',
  'session.origin.message': 'the message that you chose',
  'session.origin.profile': 'Slack profile',
} as const;
