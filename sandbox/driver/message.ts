import type { Block, StateValues } from '../block-kit/types.ts';
import type { Core } from '../core.ts';
import type { JsonObject } from '../json.ts';
import type { ChannelRecord, MessageRecord } from '../state.ts';
import { stateValues } from '../views/state-values.ts';
import { newTrigger } from '../views/triggers.ts';
import { newResponseUrl } from '../web-api/response-url.ts';
import { channelNameInPayload } from '../wire/channels.ts';
import { messageObject } from '../wire/messages.ts';
import { touchMessage } from '../workspace/messages.ts';
import { describeBlocks } from './describe.ts';
import type { Surface } from './surface.ts';
import { SurfaceDriver } from './surface-driver.ts';

/** The blocks of a message, checked when the app sent them. */
export function blocksOfMessage(message: MessageRecord): Block[] {
  return (message.blocks ?? []) as unknown as Block[];
}

/** The values of a message's own fields. */
export function valuesOfMessage(message: MessageRecord): StateValues {
  if (!message.blocks) return {};
  message.values = stateValues(blocksOfMessage(message), message.values);
  return message.values;
}

/** The surface of a message as `viewer` sees it. */
export function messageSurface(core: Core, viewer: string, channel: ChannelRecord, message: MessageRecord): Surface {
  return {
    core,
    userId: viewer,
    blocks: () => blocksOfMessage(message),
    values: () => valuesOfMessage(message),
    errors: () => ({}),
    payload: (): JsonObject => {
      const ephemeral = message.ephemeralTo !== undefined;
      const at = { userId: viewer, channel: channel.id, messageTs: message.ts, ephemeral };
      const thread = message.threadTs ? { thread_ts: message.threadTs } : {};
      return {
        container: {
          type: 'message',
          message_ts: message.ts,
          channel_id: channel.id,
          is_ephemeral: ephemeral,
          ...thread,
        },
        channel: { id: channel.id, name: channelNameInPayload(channel) },
        // Slack omits an ephemeral message from the payload.
        ...(ephemeral ? {} : { message: messageObject(core, channel, message) }),
        state: { values: valuesOfMessage(message) },
        response_url: newResponseUrl(core, at),
      };
    },
    newTrigger: () => newTrigger(core, viewer, { channel: channel.id }),
    entered: () => touchMessage(core, message),
    describe: () =>
      [message.text, ...describeBlocks(blocksOfMessage(message), valuesOfMessage(message), {})].join('\n'),
  };
}

/** A message as a person sees it, with its buttons. Reflects later edits. */
export class Message extends SurfaceDriver {
  readonly record: MessageRecord;

  constructor(core: Core, viewer: string, channel: ChannelRecord, message: MessageRecord) {
    super(messageSurface(core, viewer, channel, message));
    this.record = message;
  }

  /** The conversation's id. */
  get channel(): string {
    return this.record.channel;
  }

  get ts(): string {
    return this.record.ts;
  }

  /** Escaped as on the wire: `&`, `<` and `>`. */
  get text(): string {
    return this.record.text;
  }

  /** The author's id. */
  get user(): string | undefined {
    return this.record.user;
  }

  get thread_ts(): string | undefined {
    return this.record.threadTs;
  }

  get isDeleted(): boolean {
    return this.record.deleted === true;
  }

  get isEphemeral(): boolean {
    return this.record.ephemeralTo !== undefined;
  }

  /** All readable texts: those of its blocks, or else its text. */
  override texts(): string[] {
    const texts = super.texts();
    return texts.length > 0 ? texts : [this.record.text];
  }
}
