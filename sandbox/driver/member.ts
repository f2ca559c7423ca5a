import type { Core } from '../core.ts';
import type { ChannelRecord, UserRecord } from '../state.ts';
import { isMember } from '../wire/channels.ts';
import * as channels from '../workspace/channels.ts';
import { joinChannel, leaveChannel } from '../workspace/membership.ts';
import { Channel, type ChannelReference } from './channel.ts';
import { personSees } from './choices.ts';

/** Somebody to invite or remove: a person, a user id or handle, or `'app'`. */
export type Someone = Member | string;

/** Somebody of the workspace, with their actions on channels. Throws where Slack would refuse. */
export class Member {
  readonly id: string;
  protected readonly core: Core;

  constructor(core: Core, handleOrId: string) {
    const users = Object.values(core.state.users);
    const found = users.find((user) => user.id === handleOrId || user.handle === handleOrId);
    // Throws on first use and not here: a custom seed may lack some of the default people.
    this.id = found?.id ?? handleOrId;
    this.core = core;
  }

  get record(): UserRecord {
    const record = this.core.state.users[this.id];
    if (!record) throw new Error(`There is nobody called "${this.id}" in this workspace`);
    return record;
  }

  /** The full name, shown in selects. */
  get name(): string {
    return this.record.realName;
  }

  /** Creates a channel and joins it. `sharedWith` also connects it with that organisation and adds the person. */
  async createChannel(
    name: string,
    options: { isPrivate?: boolean; sharedWith?: Member | string; invite?: Someone[] } = {},
  ): Promise<Channel> {
    this.requireFullMember('create channels');
    this.#requireFreeName(name);
    const record = channels.createChannel(this.core, this.id, name, { isPrivate: options.isPrivate });
    const channel = new Channel(this.core, record);
    if (options.sharedWith) await this.share(channel, options.sharedWith);
    for (const someone of options.invite ?? []) await this.invite(channel, someone);
    return channel;
  }

  async rename(where: ChannelReference, name: string): Promise<void> {
    this.requireFullMember('rename channels');
    const channel = this.member(where, 'rename it');
    if (channel.isArchived) throw new Error(`#${channel.name} is archived`);
    if (channel.name === name) return;
    this.#requireFreeName(name);
    channels.renameChannel(this.core, channel, this.id, name);
  }

  async archive(where: ChannelReference): Promise<void> {
    this.requireFullMember('archive channels');
    const channel = this.member(where, 'archive it');
    if (channel.isArchived) throw new Error(`#${channel.name} is archived already`);
    if (channel.isGeneral) throw new Error(`Slack lets nobody archive #${channel.name}`);
    channels.archiveChannel(this.core, channel, this.id);
  }

  async unarchive(where: ChannelReference): Promise<void> {
    this.requireFullMember('unarchive channels');
    const channel = this.visible(where);
    if (!channel.isArchived) throw new Error(`#${channel.name} is not archived`);
    channels.unarchiveChannel(this.core, channel, this.id);
  }

  /** Makes a channel private or public. */
  async convert(where: ChannelReference, to: 'private' | 'public'): Promise<void> {
    if (!this.record.isAdmin && !this.record.isOwner) throw new Error(`${this.name} may not convert channels`);
    const channel = this.member(where, 'convert it');
    if (channel.isGeneral) throw new Error(`Slack lets nobody convert #${channel.name}`);
    if (channel.isPrivate === (to === 'private')) throw new Error(`#${channel.name} is ${to} already`);
    channels.convertChannel(this.core, channel, this.id, to === 'private');
  }

  async deleteChannel(where: ChannelReference): Promise<void> {
    if (!this.record.isAdmin && !this.record.isOwner) throw new Error(`${this.name} may not delete channels`);
    const channel = this.visible(where);
    if (channel.isGeneral) throw new Error(`Slack lets nobody delete #${channel.name}`);
    channels.deleteChannel(this.core, channel, this.id);
  }

  async setTopic(where: ChannelReference, topic: string): Promise<void> {
    const channel = this.member(where, 'set its topic');
    if (channel.isArchived) throw new Error(`#${channel.name} is archived`);
    if (topic.length > 250) throw new Error('Slack takes topics of at most 250 characters');
    channels.setTopic(this.core, channel, this.id, topic);
  }

  /** Adds somebody, or `'app'`, to a channel. People of other organisations are added by `share`. */
  async invite(where: ChannelReference, someone: Someone): Promise<void> {
    const channel = this.member(where, 'invite anybody');
    if (channel.isArchived) throw new Error(`#${channel.name} is archived`);
    if (channel.kind === 'im') throw new Error('Nobody can be invited into direct messages');
    const user = this.someone(someone);
    const connected = [this.core.state.team.id, ...channel.connectedTeamIds];
    if (!connected.includes(user.teamId))
      throw new Error(`#${channel.name} is not shared with ${user.realName}'s team`);
    joinChannel(this.core, channel, user.id, this.id);
  }

  /** Removes somebody, or `'app'`, from a channel. */
  async kick(where: ChannelReference, someone: Someone): Promise<void> {
    this.requireFullMember('remove people');
    leaveChannel(this.core, this.member(where, 'remove anybody'), this.someone(someone).id, this.id);
  }

  async join(where: ChannelReference): Promise<void> {
    const channel = this.visible(where);
    if (channel.isArchived) throw new Error(`#${channel.name} is archived`);
    joinChannel(this.core, channel, this.id);
  }

  async leave(where: ChannelReference): Promise<void> {
    const channel = this.member(where, 'leave it');
    if (channel.isGeneral) throw new Error(`Slack lets nobody leave #${channel.name}`);
    leaveChannel(this.core, channel, this.id, this.id);
  }

  /** Connects a channel with another organisation: a person of it (who then joins), or the team's id or name. */
  async share(where: ChannelReference, whom?: Member | string): Promise<void> {
    this.requireFullMember('share channels');
    const channel = this.member(where, 'share it');
    channels.shareChannel(this.core, channel, this.otherTeam(whom));
    if (whom instanceof Member) joinChannel(this.core, channel, whom.id, this.id);
  }

  /** Disconnects another organisation, whose people leave the channel. */
  async unshare(where: ChannelReference, whom?: Member | string): Promise<void> {
    channels.unshareChannel(this.core, this.member(where, 'unshare it'), this.otherTeam(whom));
  }

  protected channel(where: ChannelReference): ChannelRecord {
    return Channel.named(this.core, where).record;
  }

  protected visible(where: ChannelReference): ChannelRecord {
    const channel = this.channel(where);
    if (!personSees(this.core, this.id, channel)) throw new Error(`${this.name} cannot see #${channel.name}`);
    return channel;
  }

  protected member(where: ChannelReference, todo: string): ChannelRecord {
    const channel = this.visible(where);
    if (!isMember(channel, this.id)) throw new Error(`${this.name} is not in #${channel.name} and cannot ${todo}`);
    return channel;
  }

  protected someone(someone: Someone): UserRecord {
    if (someone instanceof Member) return someone.record;
    return new Member(this.core, someone === 'app' ? this.core.state.app.botUserId : someone).record;
  }

  protected otherTeam(whom: Member | string | undefined): string {
    const { otherTeams } = this.core.state;
    if (whom instanceof Member) return whom.record.teamId;
    const team = whom ? otherTeams.find((one) => one.id === whom || one.name === whom) : otherTeams[0];
    if (!team)
      throw new Error(`There is no organisation "${whom}", but ${otherTeams.map((one) => one.name).join(', ')}`);
    return team.id;
  }

  #requireFreeName(name: string): void {
    if (!/^[\p{Ll}\p{N}\p{Lo}_-]{1,80}$/u.test(name)) {
      throw new Error(`"${name}" is no channel name: 1 to 80 lower-case letters, digits, hyphens and underscores`);
    }
    const taken = Object.values(this.core.state.channels).some((one) => one.name === name && !one.isDeleted);
    if (taken) throw new Error(`There is a channel "${name}" already`);
  }

  protected requireFullMember(todo: string): void {
    const { teamId, isRestricted, isUltraRestricted } = this.record;
    if (teamId === this.core.state.team.id && !isRestricted && !isUltraRestricted) return;
    throw new Error(`${this.name} is no full member of the workspace and cannot ${todo}`);
  }
}
