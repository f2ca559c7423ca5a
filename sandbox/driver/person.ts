import type { Core } from '../core.ts';
import type { DeliveryOutcome } from '../delivery/deliverer.ts';
import type { ChannelRecord, UserRecord } from '../state.ts';
import { waitUntil } from '../traffic.ts';
import { topView } from '../views/modals.ts';
import { isMember } from '../wire/channels.ts';
import * as channels from '../workspace/channels.ts';
import { joinChannel, leaveChannel } from '../workspace/membership.ts';
import {
  addFile,
  addMessage,
  changeMessage,
  deleteMessage,
  newClientMessageId,
  type Upload,
} from '../workspace/messages.ts';
import { Channel, type ChannelReference } from './channel.ts';
import { personSees } from './choices.ts';
import { runCommand, useMessageShortcut } from './invoke.ts';
import { Message } from './message.ts';
import { ModalDriver } from './modal.ts';
import { textOf } from './readable.ts';
import { typedText } from './typed-text.ts';

/** Who to invite or remove: a person, a user id, or the app. */
export type Someone = Person | string;

/** A person at their Slack. Refuses, by throwing, what Slack's own interface would not let them do. */
export class Person {
  readonly id: string;
  readonly #core: Core;

  constructor(core: Core, handleOrId: string) {
    const users = Object.values(core.state.users);
    const found = users.find((user) => user.id === handleOrId || user.handle === handleOrId);
    // Throws on first use rather than here: a seed of one's own need not have everybody.
    this.id = found?.id ?? handleOrId;
    this.#core = core;
  }

  get record(): UserRecord {
    const record = this.#core.state.users[this.id];
    if (!record) throw new Error(`There is nobody called "${this.id}" in this workspace`);
    return record;
  }

  /** The full name, as selects show it. */
  get name(): string {
    return this.record.realName;
  }

  /** Creates a channel and is in it. `sharedWith` also connects it with that organisation and brings the person in. */
  async createChannel(
    name: string,
    options: { isPrivate?: boolean; sharedWith?: Person | string; invite?: Someone[] } = {},
  ): Promise<Channel> {
    this.#requireFullMember('create channels');
    if (!/^[\p{Ll}\p{N}\p{Lo}_-]{1,80}$/u.test(name)) throw new Error(`Slack takes no channel name like "${name}"`);
    const taken = Object.values(this.#core.state.channels).some((one) => one.name === name && !one.isDeleted);
    if (taken) throw new Error(`There is a channel "${name}" already`);
    const record = channels.createChannel(this.#core, this.id, name, { isPrivate: options.isPrivate });
    const channel = new Channel(this.#core, record);
    if (options.sharedWith) await this.share(channel, options.sharedWith);
    for (const someone of options.invite ?? []) await this.invite(channel, someone);
    return channel;
  }

  /** Writes a message, also in a thread, with files, or as `/me`. */
  async post(
    where: ChannelReference,
    typed: string,
    options: { thread?: Message; files?: Upload[]; broadcast?: boolean; me?: boolean } = {},
  ): Promise<Message> {
    const channel = this.#member(where, 'write there');
    if (channel.isArchived) throw new Error(`#${channel.name} is archived`);
    const { thread, broadcast, me } = options;
    const files = options.files?.map((file) => addFile(this.#core, this.id, file, channel));
    const threadTs = thread && (thread.thread_ts ?? thread.ts);
    const subtype = files?.length ? 'file_share' : broadcast ? 'thread_broadcast' : me ? 'me_message' : undefined;
    const content = typed === '' ? { text: '' } : typedText(typed);
    const message = addMessage(this.#core, channel, {
      ...content,
      ...(me ? { blocks: undefined } : { clientMsgId: newClientMessageId() }),
      user: this.id,
      team: this.record.teamId,
      subtype,
      threadTs,
      files,
    });
    return new Message(this.#core, this.id, channel, message);
  }

  async edit(message: Message, typed: string): Promise<void> {
    this.#requireAuthor(message);
    changeMessage(this.#core, this.#channel(message.channel), message.record, typedText(typed), this.id);
  }

  async delete(message: Message): Promise<void> {
    if (!this.record.isAdmin) this.#requireAuthor(message);
    deleteMessage(this.#core, this.#channel(message.channel), message.record);
  }

  async rename(where: ChannelReference, name: string): Promise<void> {
    this.#requireFullMember('rename channels');
    channels.renameChannel(this.#core, this.#member(where, 'rename it'), this.id, name);
  }

  async archive(where: ChannelReference): Promise<void> {
    this.#requireFullMember('archive channels');
    const channel = this.#member(where, 'archive it');
    if (channel.isArchived) throw new Error(`#${channel.name} is archived already`);
    channels.archiveChannel(this.#core, channel, this.id);
  }

  async unarchive(where: ChannelReference): Promise<void> {
    this.#requireFullMember('unarchive channels');
    const channel = this.#visible(where);
    if (!channel.isArchived) throw new Error(`#${channel.name} is not archived`);
    channels.unarchiveChannel(this.#core, channel, this.id);
  }

  async deleteChannel(where: ChannelReference): Promise<void> {
    if (!this.record.isAdmin && !this.record.isOwner) throw new Error(`${this.name} may not delete channels`);
    channels.deleteChannel(this.#core, this.#visible(where), this.id);
  }

  async setTopic(where: ChannelReference, topic: string): Promise<void> {
    channels.setTopic(this.#core, this.#member(where, 'set its topic'), this.id, topic);
  }

  /** Adds somebody, or `'app'`, to a channel. People of other organisations come in by `share`. */
  async invite(where: ChannelReference, someone: Someone): Promise<void> {
    const channel = this.#member(where, 'invite anybody');
    const user = this.#someone(someone);
    const connected = [this.#core.state.team.id, ...channel.connectedTeamIds];
    if (!connected.includes(user.teamId))
      throw new Error(`#${channel.name} is not shared with ${user.realName}'s team`);
    joinChannel(this.#core, channel, user.id, this.id);
  }

  /** Removes somebody, or `'app'`, from a channel. */
  async kick(where: ChannelReference, someone: Someone): Promise<void> {
    this.#requireFullMember('remove people');
    leaveChannel(this.#core, this.#member(where, 'remove anybody'), this.#someone(someone).id, this.id);
  }

  async join(where: ChannelReference): Promise<void> {
    const channel = this.#visible(where);
    if (channel.isArchived) throw new Error(`#${channel.name} is archived`);
    joinChannel(this.#core, channel, this.id);
  }

  async leave(where: ChannelReference): Promise<void> {
    leaveChannel(this.#core, this.#member(where, 'leave it'), this.id, this.id);
  }

  /** Connects a channel with another organisation: a person of it (who then joins), or the team's id or name. */
  async share(where: ChannelReference, whom?: Person | string): Promise<void> {
    this.#requireFullMember('share channels');
    const channel = this.#member(where, 'share it');
    channels.shareChannel(this.#core, channel, this.#otherTeam(whom));
    if (whom instanceof Person) joinChannel(this.#core, channel, whom.id, this.id);
  }

  /** Ends the connection with another organisation, whose people are out then. */
  async unshare(where: ChannelReference, whom?: Person | string): Promise<void> {
    channels.unshareChannel(this.#core, this.#member(where, 'unshare it'), this.#otherTeam(whom));
  }

  /** Runs a slash command; resolves when the app acknowledged, or did not in time. */
  async command(command: string, options: { in?: ChannelReference; text?: string } = {}): Promise<DeliveryOutcome> {
    this.#requireOwnTeam('slash commands');
    const mine = Object.values(this.#core.state.channels).find((one) => isMember(one, this.id) && one.kind !== 'im');
    const channel = options.in ? this.#member(options.in, 'use commands there') : mine;
    if (!channel) throw new Error(`${this.name} is in no channel to type ${command} into`);
    return runCommand(this.#core, this.id, channel, command, options.text ?? '');
  }

  /** Uses a message shortcut; resolves when the app acknowledged, or did not in time. */
  async shortcut(callbackId: string, message: Pick<Message, 'channel' | 'ts'>): Promise<DeliveryOutcome> {
    this.#requireOwnTeam('shortcuts');
    return useMessageShortcut(this.#core, this.id, this.#visible(message.channel), callbackId, message.ts);
  }

  /** The modal in front of the person, whichever view is on top. */
  get modal(): ModalDriver {
    return new ModalDriver(this.#core, this.id);
  }

  /** Waits for a modal, with that title if given. */
  async modalShown(title?: string, options: { timeoutMs?: number } = {}): Promise<ModalDriver> {
    const { traffic, timings } = this.#core;
    const timeoutMs = options.timeoutMs ?? timings.patienceMs;
    const shown = () => {
      const top = topView(this.#core, this.id);
      return top !== undefined && (title === undefined || textOf(top.view.title) === title);
    };
    try {
      await waitUntil(traffic.onChange, shown, { timeoutMs });
    } catch (cause) {
      throw new Error(`${this.name} sees no modal "${title ?? ''}", but:\n${this.modal.describe()}`, { cause });
    }
    return this.modal;
  }

  /** The direct messages with the app, oldest first. */
  inbox(): Message[] {
    const channel = Object.values(this.#core.state.channels).find((one) => one.imUser === this.id);
    return channel ? this.sees(channel.id) : [];
  }

  /** The messages that only this person sees in a channel, oldest first. */
  ephemerals(where?: ChannelReference): Message[] {
    const all = where ? [this.#channel(where)] : Object.values(this.#core.state.channels);
    return all.flatMap((channel) => this.#messages(channel).filter((message) => message.isEphemeral));
  }

  /** Every message that this person can read in a channel, threads included, oldest first. */
  sees(where: ChannelReference): Message[] {
    return this.#messages(this.#visible(where));
  }

  /** What Slack itself told this person, such as that the app did not respond. */
  get notices(): string[] {
    return this.#core.state.notices[this.id] ?? [];
  }

  /** Waits for a message with this text: a direct message of the app, an ephemeral one, or one in `in`. */
  async receives(text: string, options: { in?: ChannelReference; timeoutMs?: number } = {}): Promise<Message> {
    const messages = () => (options.in ? this.sees(options.in) : [...this.inbox(), ...this.ephemerals()]);
    const found = () =>
      messages().findLast((message) => [message.text, ...message.texts()].some((line) => line.includes(text)));
    const timeoutMs = options.timeoutMs ?? this.#core.timings.patienceMs;
    try {
      const message = await waitUntil(this.#core.traffic.onChange, found, { timeoutMs });
      if (message) return message;
      throw new Error(text);
    } catch (cause) {
      const there = messages().map((message) => message.describe());
      throw new Error(`${this.name} got no message with "${text}", but:\n${there.join('\n--\n')}`, { cause });
    }
  }

  #messages(channel: ChannelRecord): Message[] {
    return channel.messages
      .filter((message) => !message.deleted && (!message.ephemeralTo || message.ephemeralTo === this.id))
      .map((message) => new Message(this.#core, this.id, channel, message));
  }

  #channel(where: ChannelReference): ChannelRecord {
    return Channel.named(this.#core, where).record;
  }

  #visible(where: ChannelReference): ChannelRecord {
    const channel = this.#channel(where);
    if (!personSees(this.#core, this.id, channel)) throw new Error(`${this.name} cannot see #${channel.name}`);
    return channel;
  }

  #member(where: ChannelReference, todo: string): ChannelRecord {
    const channel = this.#visible(where);
    if (!isMember(channel, this.id)) throw new Error(`${this.name} is not in #${channel.name} and cannot ${todo}`);
    return channel;
  }

  #someone(someone: Someone): UserRecord {
    if (someone instanceof Person) return someone.record;
    return new Person(this.#core, someone === 'app' ? this.#core.state.app.botUserId : someone).record;
  }

  #otherTeam(whom: Person | string | undefined): string {
    const { otherTeams } = this.#core.state;
    if (whom instanceof Person) return whom.record.teamId;
    const team = whom ? otherTeams.find((one) => one.id === whom || one.name === whom) : otherTeams[0];
    if (!team)
      throw new Error(`There is no organisation "${whom}", but ${otherTeams.map((one) => one.name).join(', ')}`);
    return team.id;
  }

  #requireAuthor(message: Message): void {
    if (message.user !== this.id) throw new Error(`The message is not ${this.name}'s`);
  }

  #requireOwnTeam(what: string): void {
    if (this.record.teamId === this.#core.state.team.id) return;
    throw new Error(`Slack offers an app's ${what} only to members of its own workspace, not to ${this.name}`);
  }

  #requireFullMember(todo: string): void {
    const { teamId, isRestricted, isUltraRestricted } = this.record;
    if (teamId === this.#core.state.team.id && !isRestricted && !isUltraRestricted) return;
    throw new Error(`${this.name} is no full member of the workspace and cannot ${todo}`);
  }
}
