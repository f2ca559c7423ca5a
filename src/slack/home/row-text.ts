import type { types } from '@slack/bolt';
import type { ListedTask } from '../../starts/open-tasks.ts';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { link, type Markup, mention, say } from '../block-kit/markup.ts';
import { plainText } from '../block-kit/text-objects.ts';

/** Language and links for the rows of the Home tab. */
export interface HomeSaying {
  words: Words;
  /** `https://acme.slack.com/`, with a trailing slash. */
  workspaceUrl: string;
}

export const header = (text: string): types.HeaderBlock => ({
  type: 'header',
  text: plainText(text, slackLimits.headerText),
});

/** The conversation and message that something was started from. */
export interface RowPlace {
  channelId: string;
  sessionName: string;
  messageTs?: string | null;
  threadTs?: string | null;
}

/** The session's name as a link to the message or conversation. */
export function placeLink({ channelId, sessionName, messageTs, threadTs }: RowPlace, workspaceUrl: string): Markup {
  const channel = `${workspaceUrl}archives/${channelId}`;
  const message = messageTs ? `${channel}/p${messageTs.replace('.', '')}` : channel;
  const isReply = messageTs && threadTs && threadTs !== messageTs;
  return link(isReply ? `${message}?thread_ts=${threadTs}&cid=${channelId}` : message, `#${sessionName}`);
}

/** A link to a conversation, labelled with its name. */
export function conversationLink(channelId: string, name: string, workspaceUrl: string): Markup {
  return link(`${workspaceUrl}archives/${channelId}`, name);
}

/** The client as a part of a row; no part if there is none. */
export function clientText(words: Words, clientUserId: string | null): Markup[] {
  return clientUserId === null ? [] : [say(words, 'home.forClient', { client: mention(clientUserId) })];
}

/** A task with the person who has it, or that it can be claimed. */
export function taskText(words: Words, { name, assignee }: Pick<ListedTask, 'name' | 'assignee'>): Markup {
  return assignee === null
    ? say(words, 'home.taskOffered', { task: name })
    : say(words, 'home.taskOf', { task: name, person: mention(assignee) });
}
