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

/** Maximum number of live chats with their own availability button; one button sets all others. */
const availabilityRows = 5;

/** The Home tab. Paging keeps it within Slack's limit of 100 blocks. */
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

/** Shown instead of the Home tab while its data cannot be read. */
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

/** Where the person is away, with a toggle per live chat. */
function availabilityBlocks(words: Words, { rights, awayIn }: HomeContent): types.KnownBlock[] {
  const { staffed } = rights;
  // Live chats where the person is away come first: that is what they may want to change.
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
