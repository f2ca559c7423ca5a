import type { types } from '@slack/bolt';
import type { HomeView } from '@slack/web-api';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { say } from '../block-kit/markup.ts';
import { section } from '../block-kit/text-objects.ts';
import { button, everything, homeActionIds } from './home-actions.ts';
import type { HomeContent } from './read-home.ts';
import type { HomeSaying } from './row-text.ts';
import { sessionBlocks } from './session-blocks.ts';
import { startBlocks } from './start-blocks.ts';
import { taskBlocks } from './task-blocks.ts';

export const homeCallbackId = 'home';

/** How many live chats one can be away in by a button each; for the rest there is one for all. */
const availabilityRows = 5;

/** The Home tab. Slack: 100 blocks at most; the pages of its lists see to that. */
export function homeView(saying: HomeSaying, content: HomeContent): HomeView {
  const { words } = saying;
  const { tasks, sessions, starts, isEngineAway } = content;
  return view([
    ...(isEngineAway ? [section(say(words, 'home.engineAway'))] : []),
    ...availabilityBlocks(words, content),
    ...taskBlocks(saying, tasks, content.now),
    ...(sessions ? [divider, ...sessionBlocks(saying, sessions)] : []),
    ...(starts ? [divider, ...startBlocks(saying, starts)] : []),
  ]);
}

/** In place of it, while it cannot be read. */
export function faultView(words: Words, fault: 'database' | 'other'): HomeView {
  return view([
    section(say(words, fault === 'database' ? 'home.databaseAway' : 'home.fault')),
    { type: 'actions', elements: [button(homeActionIds.refresh, words('home.tryAgain'), everything)] },
  ]);
}

const divider: types.DividerBlock = { type: 'divider' };

function view(blocks: types.KnownBlock[]): HomeView {
  return { type: 'home', callback_id: homeCallbackId, blocks: blocks.slice(0, slackLimits.viewBlocks) };
}

/** Where the person is away, with a toggle for each of their live chats. */
function availabilityBlocks(words: Words, { rights, awayIn }: HomeContent): types.KnownBlock[] {
  const { staffed } = rights;
  // Where they are away comes first: that is what they may want to change.
  const sorted = [...staffed].sort((a, b) => Number(awayIn.has(b.id)) - Number(awayIn.has(a.id)));
  const rows = sorted.slice(0, availabilityRows).map(({ id, name }): types.SectionBlock => {
    const isAway = awayIn.has(id);
    return {
      ...section(say(words, isAway ? 'home.away' : 'home.present', { liveChat: name })),
      accessory: isAway
        ? button(homeActionIds.back, words('home.comeBack'), id)
        : button(homeActionIds.away, words('home.goAway'), id),
    };
  });
  if (staffed.length < 2) return rows;
  const more = staffed.length - rows.length;
  return [
    ...rows,
    ...(more > 0 ? [section(say(words, 'home.moreLiveChats', { count: more }))] : []),
    {
      type: 'actions',
      elements: [
        button(homeActionIds.away, words('home.goAwayEverywhere'), everything),
        button(homeActionIds.back, words('home.comeBackEverywhere'), everything),
      ],
    },
  ];
}
