import type { Handlers } from './handler.ts';

/** Requests about channels. */
export const channelRequests = {
  async create_channel({ core, person }, { name, isPrivate = false, sharedWith, topic, invite = [] }) {
    const isOfOther = (id: string) => core.state.users[id]?.teamId !== core.state.team.id;
    if (!sharedWith && invite.some(isOfOther)) {
      throw new Error('People of other organisations can only be in channels that are shared with theirs');
    }
    const channel = await person.createChannel(name, { isPrivate, ...(sharedWith ? { sharedWith } : {}), invite });
    if (topic) await person.setTopic(channel.id, topic);
    return { conversation: channel.id };
  },
  async rename_channel({ person }, { conversation, name }) {
    await person.rename(conversation, name);
    return null;
  },
  async set_topic({ person }, { conversation, topic }) {
    await person.setTopic(conversation, topic);
    return null;
  },
  async archive_channel({ person }, { conversation }) {
    await person.archive(conversation);
    return null;
  },
  async unarchive_channel({ person }, { conversation }) {
    await person.unarchive(conversation);
    return null;
  },
  async delete_channel({ person }, { conversation }) {
    await person.deleteChannel(conversation);
    return null;
  },
  async share_channel({ person }, { conversation, teamId }) {
    await person.share(conversation, teamId);
    return null;
  },
  async invite({ person }, { conversation, userIds }) {
    for (const userId of userIds) await person.invite(conversation, userId);
    return null;
  },
  async remove({ person }, { conversation, userId }) {
    await person.kick(conversation, userId);
    return null;
  },
  async join({ person }, { conversation }) {
    await person.join(conversation);
    return null;
  },
  async leave({ person }, { conversation }) {
    await person.leave(conversation);
    return null;
  },
} satisfies Partial<Handlers>;
