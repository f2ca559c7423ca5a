import { changeChannelId } from '../intake/change-channel-id.ts';
import { listFormerSelves } from '../sessions/queries.ts';
import { tellDirectoryChange } from './directory-changes.ts';
import { fuzzMs } from './discovered-channel.ts';
import type { Channel } from './read-profile.ts';
import type { SlackContext } from './slack-context.ts';

/**
 * Whether a channel with an unknown id already has a session under a former id: Slack may send the channel's events before it
 * reports the new id. The session gets the new id.
 */
export async function recogniseChannel(context: SlackContext, teamId: string, channel: Channel): Promise<boolean> {
  const { db, directory } = context;
  const selves = await listFormerSelves(db, teamId, {
    sameButForKind: otherKindOf(channel.id),
    names: [channel.name, ...channel.previousNames],
    openedSince: new Date(channel.createdAt.getTime() - fuzzMs),
  });
  for (const { channelId } of selves) {
    // Another event of the same channel has given the session this id in the meantime.
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

/** Gives a session its conversation's new id; every replica drops what it cached about either id. */
export async function adoptNewId(context: SlackContext, teamId: string, oldId: string, newId: string): Promise<void> {
  const { database, liveChats } = context;
  await changeChannelId(database, teamId, oldId, newId);
  for (const channel of [oldId, newId]) tellDirectoryChange(database, { channel });
  await liveChats.changed();
}

/** Slack: the id of a private channel that becomes shared changes in its first letter only, from G012Y48650T to C012Y48650T. */
const otherKindOf = (channelId: string) => (channelId.startsWith('C') ? `G${channelId.slice(1)}` : '');
