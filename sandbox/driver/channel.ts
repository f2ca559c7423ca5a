import type { Core } from '../core.ts';
import type { ChannelRecord } from '../state.ts';
import { appIsIn, isMember } from '../wire/channels.ts';
import { Message } from './message.ts';

/** A channel as tests name it: by driver, by id, or by name. */
export type ChannelReference = Channel | string;

/** A channel, independent of who looks at it. */
export class Channel {
  readonly record: ChannelRecord;
  readonly #core: Core;

  constructor(core: Core, record: ChannelRecord) {
    this.#core = core;
    this.record = record;
  }

  /** Finds the channel; throws with a list of all channels if there is none. */
  static named(core: Core, reference: ChannelReference): Channel {
    if (reference instanceof Channel) return reference;
    const name = reference.replace(/^#/, '');
    const all = Object.values(core.state.channels);
    const record = core.state.channels[reference] ?? all.find((channel) => channel.name === name && !channel.isDeleted);
    if (!record) throw new Error(`There is no channel "${reference}", but ${all.map((one) => one.name).join(', ')}`);
    return new Channel(core, record);
  }

  get id(): string {
    return this.record.id;
  }

  get name(): string {
    return this.record.name;
  }

  get members(): string[] {
    return this.record.members;
  }

  get isArchived(): boolean {
    return this.record.isArchived;
  }

  /** Whether the app is a member. */
  get hasApp(): boolean {
    return appIsIn(this.#core, this.record);
  }

  has(userId: string): boolean {
    return isMember(this.record, userId);
  }

  /** The messages that everybody in the channel can read (none that are ephemeral), oldest first. */
  messages(): Message[] {
    return this.record.messages
      .filter((message) => !message.deleted && !message.ephemeralTo)
      .map((message) => new Message(this.#core, '', this.record, message));
  }

  /** The messages of the app that everybody in the channel can read. */
  messagesOfApp(): Message[] {
    return this.messages().filter((message) => message.record.botId === this.#core.state.app.botId);
  }
}
