import type { Erasure } from './erase-client.ts';

const some = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

/** The report of an erasure, as lines of plain text. */
export function describeErasure(userId: string, { erased, running, elsewhere, staffOf }: Erasure): string {
  const list = (items: string[]) => items.map((item) => `  ${item}`);
  const lines = [
    `Erased of ${userId}:`,
    ...list([
      `${some(erased.messages, 'message', 'messages')} in transcripts`,
      `who the client is, in ${some(erased.sessions, 'session', 'sessions')}`,
      `what went into ${some(erased.starts, 'start', 'starts')}`,
      `${some(erased.processInstances, 'ended process instance', 'ended process instances')} of the embedded engine, with tasks and history`,
      `${some(erased.pending, 'message or delivery', 'messages or deliveries')} on the way to processes`,
    ]),
  ];
  if (running.length > 0) {
    lines.push(
      '',
      'Not erased, because they still run. Finish or cancel them, then run this again:',
      ...list(running.map(({ processName, sessionName }) => `${processName} (session ${sessionName})`)),
    );
  }
  if (elsewhere.length > 0) {
    lines.push('', 'Process instances in other engines, which keep their own data:', ...list(elsewhere));
  }
  if (staffOf.length > 0) {
    lines.push('', 'Operator or supervisor of these live chats, which was left as it is:', ...list(staffOf));
  }
  lines.push(
    '',
    'Not in this database: what stands in Slack (messages, profiles, files, names of channels, the lines of activity',
    'channels), what processes sent to other systems, logs, and backups of the database.',
  );
  return `${lines.join('\n')}\n`;
}
