import type { Core } from '../core.ts';
import { personSees } from './choices.ts';

const broadcasts = ['here', 'channel', 'everyone'];

/** Replaces `@handle`, `@group` and `#channel` in a text by Slack's markup for mentions, if they exist. */
export function withMentions(core: Core, userId: string, typed: string): string {
  const { users, userGroups, channels } = core.state;
  return typed
    .replace(/(?<![\w<&/])@([\w][\w.-]*)/g, (whole, name: string) => {
      // A full stop at the end may belong to the sentence.
      for (const handle of [name, name.replace(/[.-]+$/, '')]) {
        const rest = name.slice(handle.length);
        const user = Object.values(users).find((one) => one.handle === handle.toLowerCase() && !one.deleted);
        if (user) return `<@${user.id}>${rest}`;
        const group = Object.values(userGroups).find((one) => one.handle === handle && one.disabledAt === 0);
        if (group) return `<!subteam^${group.id}|@${group.handle}>${rest}`;
        if (broadcasts.includes(handle)) return `<!${handle}>${rest}`;
      }
      return whole;
    })
    .replace(/(?<![\w<&/])#([\p{Ll}\p{N}\p{Lo}_-]+)/gu, (whole, name: string) => {
      const channel = Object.values(channels).find((one) => one.name === name && personSees(core, userId, one));
      return channel ? `<#${channel.id}|${channel.name}>` : whole;
    });
}

/** The text of a message as its author typed it: the reverse of {@link withMentions} and `typedText`. */
export function asTyped(core: Core, text: string): string {
  const { users, channels } = core.state;
  return text
    .replace(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g, (_, id: string) => `@${users[id]?.handle ?? id}`)
    .replace(/<#(C[A-Z0-9]+)(?:\|([^>]*))?>/g, (_, id: string, name = '') => `#${channels[id]?.name ?? name}`)
    .replace(/<!subteam\^[A-Z0-9]+\|([^>]*)>/g, '$1')
    .replace(/<!(\w+)(?:\|[^>]*)?>/g, '@$1')
    .replace(/<mailto:[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<([^>|]+)(?:\|[^>]*)?>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
