import type { Start } from '../../starts/queries.ts';
import { type Words, wordsIn } from '../../words/words.ts';
import type { SlackContext } from '../slack-context.ts';

/** What to tell of a start in a channel with. A channel has no language; whoever last saved the live chat has one. */
export function channelWords({ liveChats }: Pick<SlackContext, 'liveChats'>, start: Start): Words {
  const liveChat = start.liveChatId ? liveChats.get(start.teamId, start.liveChatId) : undefined;
  return wordsIn({ locale: liveChat?.locale ?? undefined });
}
