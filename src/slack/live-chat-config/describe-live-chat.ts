import { type BindingEvent, bindingEvents } from '../../bindings/queries.ts';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import type { Words } from '../../words/words.ts';
import { escapeMrkdwn } from '../block-kit/limits.ts';
import { listSome } from '../block-kit/list-some.ts';

/** How many people, groups or channels are named before the rest is counted. */
const named = 6;

type Source = Pick<LiveChat, 'source' | 'prefixes' | 'channels'>;

/** Which conversations belong to a live chat, in mrkdwn. */
export function describeSource(words: Words, { source, prefixes, channels }: Source): string {
  switch (source) {
    case 'prefix':
      return words('liveChats.byPrefix', {
        prefixes: listSome(
          words,
          prefixes.map((prefix) => `\`${escapeMrkdwn(prefix)}\``),
          named,
          'or',
        ),
      });
    case 'channels':
      return words('liveChats.byChannels', {
        channels: listSome(
          words,
          channels.map((channel) => `<#${channel}>`),
          named,
        ),
      });
    case 'connect':
      return words('liveChats.byConnect');
  }
}

/** Who operates a live chat, in mrkdwn. */
export function describeOperators(
  words: Words,
  { operators, operatorGroups }: Pick<LiveChat, 'operators' | 'operatorGroups'>,
): string {
  const mentions = [...operators.map((user) => `<@${user}>`), ...operatorGroups.map((group) => `<!subteam^${group}>`)];
  return mentions.length === 0 ? words('nobody') : listSome(words, mentions, named);
}

/** Which events start what, in mrkdwn. */
export function describeBoundEvents(words: Words, bound: { event: BindingEvent; processName: string }[]): string {
  const described = bindingEvents.flatMap((event) => {
    const process = bound.find((binding) => binding.event === event);
    return process ? [`${words(`event.${event}`)} → ${escapeMrkdwn(process.processName)}`] : [];
  });
  return described.length === 0 ? words('liveChats.nothingBound') : described.join(' · ');
}

type Adoption = Pick<LiveChat, 'adoptionTotal' | 'adoptionDone' | 'adoptionDueAt'>;

/** How far the taking in of channels is; undefined once it is done. */
export function describeAdoption(
  words: Words,
  { adoptionTotal, adoptionDone, adoptionDueAt }: Adoption,
): string | undefined {
  if (adoptionDueAt === null) return undefined;
  if (adoptionTotal === null) return words('liveChats.adoptionBegins');
  return words('liveChats.adoption', { done: adoptionDone, total: adoptionTotal });
}
