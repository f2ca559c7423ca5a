import { type BindingEvent, bindingEvents } from '../../bindings/queries.ts';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import { escapeMrkdwn } from '../block-kit/limits.ts';

/** How many people, groups or channels are named before the rest is counted. */
const named = 6;

type Source = Pick<LiveChat, 'source' | 'prefixes' | 'channels'>;

/** Which conversations belong to a live chat, in mrkdwn. */
export function describeSource({ source, prefixes, channels }: Source): string {
  switch (source) {
    case 'prefix':
      return `Channels whose names start with ${listed(
        prefixes.map((prefix) => `\`${escapeMrkdwn(prefix)}\``),
        'or',
      )}`;
    case 'channels':
      return `Chosen channels: ${listed(
        channels.map((channel) => `<#${channel}>`),
        'and',
      )}`;
    case 'connect':
      return 'All Slack Connect channels';
  }
}

/** Who operates a live chat, in mrkdwn. */
export function describeOperators({
  operators,
  operatorGroups,
}: Pick<LiveChat, 'operators' | 'operatorGroups'>): string {
  const mentions = [...operators.map((user) => `<@${user}>`), ...operatorGroups.map((group) => `<!subteam^${group}>`)];
  return mentions.length === 0 ? 'nobody' : listed(mentions, 'and');
}

/** Which events start what, in mrkdwn. */
export function describeBoundEvents(bound: { event: BindingEvent; processName: string }[]): string {
  const described = bindingEvents.flatMap(({ event, label }) => {
    const process = bound.find((binding) => binding.event === event);
    return process ? [`${label} → ${escapeMrkdwn(process.processName)}`] : [];
  });
  return described.length === 0 ? 'No event starts a process yet' : described.join(' · ');
}

type Adoption = Pick<LiveChat, 'adoptionTotal' | 'adoptionDone' | 'adoptionDueAt'>;

/** How far the taking in of channels is; undefined once it is done. */
export function describeAdoption({ adoptionTotal, adoptionDone, adoptionDueAt }: Adoption): string | undefined {
  if (adoptionDueAt === null) return undefined;
  if (adoptionTotal === null) return 'Taking in channels: looking for them…';
  return `Taking in channels: ${adoptionDone} of ${adoptionTotal}`;
}

function listed(items: string[], conjunction: 'and' | 'or'): string {
  const shown = items.slice(0, named);
  const rest = items.length - shown.length;
  const parts = rest > 0 ? [...shown, `${rest} more`] : shown;
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} ${conjunction} ${parts.at(-1)}`;
}
