import { type BindingEvent, boundEvents } from '../../bindings/binding-kinds.ts';
import { isSetAside } from '../../db/due-queue.ts';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import { hasOperators } from '../../live-chats/staff.ts';
import type { Words } from '../../words/words.ts';
import { listSome } from '../block-kit/list-some.ts';
import { joined, type Markup, markup, mention, mentionChannel, mentionGroup, say } from '../block-kit/markup.ts';

/** Maximum number of people, groups or channels that are named; the rest is counted. */
const named = 6;

type Source = Pick<LiveChat, 'source' | 'prefixes' | 'channels'>;

/** The conversations that belong to a live chat, in words. */
export function describeSource(words: Words, { source, prefixes, channels }: Source): Markup {
  switch (source) {
    case 'prefix':
      return say(words, 'liveChats.byPrefix', {
        prefixes: listSome(
          words,
          prefixes.map((prefix) => markup`\`${prefix}\``),
          named,
          'or',
        ),
      });
    case 'channels':
      return say(words, 'liveChats.byChannels', {
        channels: listSome(words, channels.map(mentionChannel), named),
      });
    case 'connect':
      return say(words, 'liveChats.byConnect');
  }
}

/** The operators of a live chat in words; its supervisors if it has none. */
export function describeOperators(
  words: Words,
  liveChat: Pick<LiveChat, 'operators' | 'operatorGroups' | 'supervisors' | 'supervisorGroups'>,
): Markup {
  const { operators, operatorGroups, supervisors, supervisorGroups } = liveChat;
  const [people, groups] = hasOperators(liveChat) ? [operators, operatorGroups] : [supervisors, supervisorGroups];
  const mentions = [...people.map(mention), ...groups.map(mentionGroup)];
  return mentions.length === 0 ? say(words, 'nobody') : listSome(words, mentions, named);
}

/** The events of a live chat with the processes they start, in words. */
export function describeBoundEvents(words: Words, bound: { event: BindingEvent; processName: string }[]): Markup {
  const described = boundEvents.flatMap((event) => {
    const names = bound.filter((binding) => binding.event === event).map(({ processName }) => processName);
    return names.length > 0 ? [markup`${words(`event.${event}`)} → ${listSome(words, names, named)}`] : [];
  });
  return described.length === 0 ? say(words, 'liveChats.nothingBound') : joined(described, ' · ');
}

type Adoption = Pick<LiveChat, 'adoptionTotal' | 'adoptionDone' | 'adoptionDueAt'>;

/** The progress or failure of adopting channels; undefined when it is done. */
export function describeAdoption(
  words: Words,
  { adoptionTotal, adoptionDone, adoptionDueAt }: Adoption,
): Markup | undefined {
  if (adoptionDueAt === null) return undefined;
  if (isSetAside(adoptionDueAt)) return say(words, 'liveChats.adoptionSetAside');
  if (adoptionTotal === null) return say(words, 'liveChats.adoptionBegins');
  return say(words, 'liveChats.adoption', { done: adoptionDone, total: adoptionTotal });
}
