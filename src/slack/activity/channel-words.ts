import type { Start } from '../../starts/queries.ts';
import { type Words, wordsIn } from '../../words/words.ts';
import type { SlackContext } from '../slack-context.ts';

/** The language for messages about a start in a channel: that of the person who last saved the live chat. */
export function channelWords({ liveChats }: Pick<SlackContext, 'liveChats'>, start: Start): Words {
  const liveChat = start.liveChatId ? liveChats.get(start.teamId, start.liveChatId) : undefined;
  return wordsIn({ locale: liveChat?.locale ?? undefined });
}
