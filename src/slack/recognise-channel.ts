import { changeChannelId } from '../intake/change-channel-id.ts';
import { listFormerSelves } from '../sessions/queries.ts';
import { tellDirectoryChange } from './directory-changes.ts';
import { fuzzMs } from './discovered-channel.ts';
import type { Channel } from './read-profile.ts';
import type { SlackContext } from './slack-context.ts';

/**
 * Whether the channel, whose id nobody knows, is one that a session is of already: Slack may send what happens there before
 * it tells that the id has changed. The session has the new id from then on.
 */
export async function recogniseChannel(context: SlackContext, teamId: string, channel: Channel): Promise<boolean> {
  const { db, directory } = context;
  const selves = await listFormerSelves(db, teamId, {
    sameButForKind: otherKindOf(channel.id),
    names: [channel.name, ...channel.previousNames],
    openedSince: new Date(channel.createdAt.getTime() - fuzzMs),
  });
  for (const { channelId } of selves) {
    // Another event of the same channel has made its session meanwhile.
    if (channelId === channel.id) return true;
    if (channelId !== otherKindOf(channel.id)) {
      directory.forgetChannel(channelId);
      const now = await directory.channel(channelId);
      // Another channel has, or had, the name.
      if (now && now.id !== channel.id) continue;
    }
    await adoptNewId(context, teamId, channelId, channel.id);
    return true;
  }
  return false;
}

/** The conversation has another id; every replica forgets what it knew of either. */
export async function adoptNewId(context: SlackContext, teamId: string, oldId: string, newId: string): Promise<void> {
  const { database, liveChats } = context;
  await changeChannelId(database, teamId, oldId, newId);
  for (const channel of [oldId, newId]) tellDirectoryChange(database, { channel });
  await liveChats.changed();
}

/** Slack: a private channel that is shared keeps its id but for the first letter, G012Y48650T becomes C012Y48650T. */
const otherKindOf = (channelId: string) => (channelId.startsWith('C') ? `G${channelId.slice(1)}` : '');
