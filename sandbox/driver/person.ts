import type { DeliveryOutcome } from '../delivery/deliverer.ts';
import type { ChannelRecord, ViewRecord } from '../state.ts';
import { waitUntil } from '../traffic.ts';
import { topView } from '../views/modals.ts';
import { viewObject } from '../views/view-object.ts';
import { openDirectMessage } from '../web-api/conversations.ts';
import { isMember } from '../wire/channels.ts';
import { forwardedMessage } from '../wire/messages.ts';
import {
  addFile,
  addMessage,
  changeMessage,
  deleteMessage,
  newClientMessageId,
  setReaction,
  type Upload,
} from '../workspace/messages.ts';
import { publish } from '../workspace/publish.ts';
import { Channel, type ChannelReference } from './channel.ts';
import { describeBlocks } from './describe.ts';
import { runCommand, useGlobalShortcut, useMessageShortcut } from './invoke.ts';
import { Member } from './member.ts';
import { Message } from './message.ts';
import { ModalDriver } from './modal.ts';
import { textOf } from './readable.ts';
import { SurfaceDriver } from './surface-driver.ts';
import { typedText } from './typed-text.ts';
import { viewSurface } from './view-surface.ts';

/** Slack: maximum length of a person's message, in characters. */
const maxTyped = 12_000;

/** A person who uses Slack: writes, uses shortcuts and commands, reads modals and messages. */
export class Person extends Member {
  /** Writes a message, also in a thread, with files, or as `/me`. */
  async post(
    where: ChannelReference,
    typed: string,
    options: { thread?: Message; files?: Upload[]; broadcast?: boolean; me?: boolean } = {},
  ): Promise<Message> {
    const channel = this.requireMayPost(where, typed, options.files !== undefined);
    const { thread, broadcast, me } = options;
    const files = options.files?.map((file) => addFile(this.core, this.id, file, channel));
    const threadTs = thread && (thread.thread_ts ?? thread.ts);
    const subtype = files?.length ? 'file_share' : broadcast ? 'thread_broadcast' : me ? 'me_message' : undefined;
    const content = typed === '' ? { text: '' } : typedText(typed);
    const message = addMessage(this.core, channel, {
      ...content,
      ...(me ? { blocks: undefined } : { clientMsgId: newClientMessageId() }),
      user: this.id,
      team: this.record.teamId,
      subtype,
      threadTs,
      files,
    });
    return new Message(this.core, this.id, channel, message);
  }

  /** Shares a message into another conversation, optionally with a comment. */
  async forward(message: Message, where: ChannelReference, comment = ''): Promise<Message> {
    const channel = this.requireMayPost(where, comment, true);
    const attachment = forwardedMessage(this.core, this.visible(message.channel), message.record);
    const forwarded = addMessage(this.core, channel, {
      ...(comment === '' ? { text: '' } : typedText(comment)),
      clientMsgId: newClientMessageId(),
      user: this.id,
      team: this.record.teamId,
      attachments: [attachment],
    });
    return new Message(this.core, this.id, channel, forwarded);
  }

  /** Returns the conversation if the person may write this there; throws Slack's refusal otherwise. */
  requireMayPost(where: ChannelReference, typed: string, withFiles: boolean): ChannelRecord {
    const channel = this.member(where, 'write there');
    if (channel.isArchived) throw new Error(`#${channel.name} is archived`);
    const { messagesTab, messagesTabReadOnly } = this.core.manifest;
    if (channel.kind === 'im' && (!messagesTab || messagesTabReadOnly)) {
      throw new Error('The app takes no messages from people');
    }
    if (typed.trim() === '' && !withFiles) throw new Error('There is nothing to send');
    if (typed.length > maxTyped) throw new Error(`Slack takes messages of at most ${maxTyped} characters`);
    return channel;
  }

  async edit(message: Message, typed: string): Promise<void> {
    this.#requireAuthor(message);
    if (this.visible(message.channel).isArchived) throw new Error('The channel is archived');
    if (typed.trim() === '') throw new Error('A message cannot be emptied; delete it');
    changeMessage(this.core, this.channel(message.channel), message.record, typedText(typed), this.id);
  }

  async delete(message: Message): Promise<void> {
    if (!this.record.isAdmin) this.#requireAuthor(message);
    deleteMessage(this.core, this.channel(message.channel), message.record);
  }

  /** Adds a reaction (an emoji's name, without colons), or removes it. */
  async react(message: Message, name: string, on = true): Promise<void> {
    const channel = this.member(message.channel, 'react there');
    if (channel.isArchived) throw new Error(`#${channel.name} is archived`);
    if (message.isEphemeral) throw new Error('Slack takes no reactions to ephemeral messages');
    if (!/^[\w+'-]+(::skin-tone-[2-6])?$/.test(name)) throw new Error(`"${name}" is no emoji`);
    setReaction(this.core, channel, message.record, { name, userId: this.id, on });
  }

  /** Opens the app: its home tab, or the direct messages with it. Sends `app_home_opened` if the app subscribes to it. */
  async openApp(tab: 'home' | 'messages'): Promise<Channel> {
    const { manifest, state } = this.core;
    if (tab === 'home' && !manifest.homeTab) throw new Error('The app has no home tab');
    const channel = openDirectMessage(this.core, this.id);
    const home = state.views[state.homes[this.id] ?? ''];
    const view = tab === 'home' && home ? { view: viewObject(this.core, home) } : {};
    void publish(this.core, { type: 'app_home_opened', user: this.id, channel: channel.id, tab, ...view });
    return new Channel(this.core, channel);
  }

  /** The app's home tab as this person sees it. Throws if the app has published none yet. */
  get home(): SurfaceDriver {
    const home = () => this.#home();
    return new SurfaceDriver({
      ...viewSurface(this.core, this.id, home),
      describe: () => describeBlocks(home().view.blocks, home().values, {}).join('\n'),
    });
  }

  /** Opens the app's home tab, and waits until the app has published it. */
  async openHome(): Promise<SurfaceDriver> {
    await this.openApp('home');
    await waitUntil(this.core.traffic.onChange, () => this.core.state.homes[this.id], {
      timeoutMs: this.core.timings.patienceMs,
      describe: () => `${this.name} sees the app's home tab`,
    });
    return this.home;
  }

  #home(): ViewRecord {
    const record = this.core.state.views[this.core.state.homes[this.id] ?? ''];
    if (!record) throw new Error(`The app has not shown ${this.name} a home tab yet`);
    return record;
  }

  /** Uses a global shortcut; resolves when the app has acknowledged, or has failed to in time. */
  async globalShortcut(callbackId: string): Promise<DeliveryOutcome> {
    this.#requireOwnTeam('shortcuts');
    return useGlobalShortcut(this.core, this.id, callbackId);
  }

  /** Runs a slash command; resolves when the app has acknowledged, or has failed to in time. */
  async command(command: string, options: { in?: ChannelReference; text?: string } = {}): Promise<DeliveryOutcome> {
    this.#requireOwnTeam('slash commands');
    const mine = Object.values(this.core.state.channels).find((one) => isMember(one, this.id) && one.kind !== 'im');
    const channel = options.in ? this.member(options.in, 'use commands there') : mine;
    if (!channel) throw new Error(`${this.name} is in no channel to type ${command} into`);
    return runCommand(this.core, this.id, channel, command, options.text ?? '');
  }

  /** Uses a message shortcut; resolves when the app has acknowledged, or has failed to in time. */
  async shortcut(callbackId: string, message: Pick<Message, 'channel' | 'ts'>): Promise<DeliveryOutcome> {
    this.#requireOwnTeam('shortcuts');
    return useMessageShortcut(this.core, this.id, this.visible(message.channel), callbackId, message.ts);
  }

  /** The person's open modal: the view on top. */
  get modal(): ModalDriver {
    return new ModalDriver(this.core, this.id);
  }

  /** Waits for a modal, with that title if given. */
  async modalShown(title?: string, options: { timeoutMs?: number } = {}): Promise<ModalDriver> {
    const { traffic, timings } = this.core;
    const timeoutMs = options.timeoutMs ?? timings.patienceMs;
    const shown = () => {
      const top = topView(this.core, this.id);
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
    const channel = Object.values(this.core.state.channels).find((one) => one.imUser === this.id);
    return channel ? this.sees(channel.id) : [];
  }

  /** The messages that only this person sees in a channel, oldest first. */
  ephemerals(where?: ChannelReference): Message[] {
    const all = where ? [this.channel(where)] : Object.values(this.core.state.channels);
    return all.flatMap((channel) => this.#messages(channel).filter((message) => message.isEphemeral));
  }

  /** Every message that this person can read in a channel, threads included, oldest first. */
  sees(where: ChannelReference): Message[] {
    return this.#messages(this.visible(where));
  }

  /** Slack's own notices to this person, such as that the app did not respond. */
  get notices(): string[] {
    return this.core.state.notices[this.id] ?? [];
  }

  /** Waits for a message with this text: a direct message of the app, an ephemeral one, or one in `in`. */
  async receives(text: string, options: { in?: ChannelReference; timeoutMs?: number } = {}): Promise<Message> {
    const messages = () => (options.in ? this.sees(options.in) : [...this.inbox(), ...this.ephemerals()]);
    const found = () =>
      messages().findLast((message) => [message.text, ...message.texts()].some((line) => line.includes(text)));
    const timeoutMs = options.timeoutMs ?? this.core.timings.patienceMs;
    try {
      const message = await waitUntil(this.core.traffic.onChange, found, { timeoutMs });
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
      .map((message) => new Message(this.core, this.id, channel, message));
  }

  #requireAuthor(message: Message): void {
    if (message.user !== this.id) throw new Error(`The message is not ${this.name}'s`);
  }

  #requireOwnTeam(what: string): void {
    if (this.record.teamId === this.core.state.team.id) return;
    throw new Error(`Slack offers an app's ${what} only to members of its own workspace, not to ${this.name}`);
  }
}
