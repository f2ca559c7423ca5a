import type { types } from '@slack/bolt';
import { escapeMrkdwn } from '../block-kit/limits.ts';
import { section } from '../task-form/views.ts';
import { pager } from './pager.ts';
import type { Page, SessionRow } from './read-home.ts';
import { clientText, type HomeSaying, header, placeLink, taskText } from './row-text.ts';

/** *My sessions*: those that the operator serves, with what goes on in them. */
export function sessionBlocks(saying: HomeSaying, page: Page<SessionRow>): types.KnownBlock[] {
  const { words } = saying;
  return [
    header(words('home.sessions')),
    ...(page.rows.length === 0 ? [section(words('home.noSessions'))] : []),
    ...page.rows.map((row) => rowBlock(saying, row)),
    ...pager(words, 'sessions', page),
  ];
}

function rowBlock({ words, workspaceUrl }: HomeSaying, { session, active }: SessionRow): types.SectionBlock {
  const place = { channelId: session.channelId, sessionName: session.name };
  const head = [`*${placeLink(place, workspaceUrl)}*`, ...clientText(words, session.clientUserId)].join(' · ');
  const lines = active.map(({ start, tasks }) => {
    const state = words(start.status === 'waiting' ? 'home.startBegins' : 'home.startRuns');
    const parts = [`${state}: ${escapeMrkdwn(start.processName)}`, ...tasks.map((task) => taskText(words, task))];
    return parts.join(' · ');
  });
  return section([head, ...(lines.length > 0 ? lines : [words('home.noProcess')])].join('\n'));
}
