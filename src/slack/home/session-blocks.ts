import type { types } from '@slack/bolt';
import { stateText } from '../activity/activity-line.ts';
import { joined, markup, say } from '../block-kit/markup.ts';
import { section } from '../block-kit/text-objects.ts';
import { pager } from './pager.ts';
import type { Page, SessionRow } from './read-home.ts';
import { clientText, conversationLink, type HomeSaying, header, taskText } from './row-text.ts';

/** *My sessions*: the sessions that the operator serves, with their processes. */
export function sessionBlocks(saying: HomeSaying, page: Page<SessionRow>): types.KnownBlock[] {
  const { words } = saying;
  return [
    header(words('home.sessions')),
    ...(page.rows.length === 0 ? [section(say(words, 'home.noSessions'))] : []),
    ...page.rows.map((row) => rowBlock(saying, row)),
    ...pager(words, 'sessions', page),
  ];
}

function rowBlock({ words, workspaceUrl }: HomeSaying, { session, active }: SessionRow): types.SectionBlock {
  const link = conversationLink(session.channelId, session.givenName ?? `#${session.name}`, workspaceUrl);
  const head = joined([markup`*${link}*`, ...clientText(words, session.clientUserId)], ' · ');
  const lines = active.map(({ start, tasks }) => {
    const parts = [
      start.processName,
      stateText(words, { start, tasks: [] }),
      ...tasks.map((task) => taskText(words, task)),
    ];
    return joined(parts, ' · ');
  });
  return section(joined([head, ...(lines.length > 0 ? lines : [say(words, 'home.noProcess')])], '\n'));
}
