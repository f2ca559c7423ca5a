import type { MessageShortcut } from '@slack/bolt';
import { z } from 'zod';
import { UserFacingError } from '../../errors.ts';
import type { MessageFacts } from '../../sessions/session-facts.ts';
import { type Message, message } from '../../words/message.ts';
import { carriedEntriesSchema } from '../block-kit/carried-entries.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { type MessageEvent, readContent } from '../read-message.ts';
import type { SlackContext } from '../slack-context.ts';
import { whoseMessage } from '../whose-message.ts';

const saidSchema = z.object({ key: z.string(), values: z.record(z.string(), z.unknown()) });
const fileSchema: z.ZodType<MessageFacts['files'][number]> = z.union([
  z.object({ fileId: z.string() }),
  z.object({ missing: z.custom<Message>((said) => saidSchema.safeParse(said).success) }),
  z.object({ name: z.string(), type: z.string(), size: z.number(), link: z.string() }),
]);

const messageSchema = z.object({
  ts: z.string(),
  threadTs: z.string().optional(),
  /** Null: an app wrote it. */
  userId: z.string().nullable(),
  /** The author's team, if the message names it. */
  team: z.string().optional(),
  /** Absent: too long for private_metadata; Slack has it (see message-facts.ts). */
  content: z.object({ text: z.string(), files: z.array(fileSchema) }).optional(),
});

const placeSchema = z.object({
  channelId: z.string(),
  /** Absent: started from the session itself, not from a message. */
  message: messageSchema.optional(),
  /** Only for the start form. */
  processDefinitionId: z.string().optional(),
  /** Only for the start form: the entries of its lists. */
  entries: carriedEntriesSchema.optional(),
  /** Only for views about one of the session's starts. */
  startId: z.string().optional(),
});

/** The place that a process is started from, carried from step to step in private_metadata. */
export type StartPlace = z.infer<typeof placeSchema>;

/** The place of a message shortcut. Throws UnavailableError if Slack does not say whose message it is. */
export async function placeOfShortcut(
  context: Pick<SlackContext, 'directory' | 'identity'>,
  { channel, message }: Pick<MessageShortcut, 'channel' | 'message'>,
): Promise<StartPlace> {
  const reading = await whoseMessage(context, { ...message, channel: channel.id } as MessageEvent);
  const team = reading.kind === 'human' ? reading.team : undefined;
  const threadTs: unknown = message.thread_ts;
  return {
    channelId: channel.id,
    message: {
      ts: message.ts,
      ...(typeof threadTs === 'string' ? { threadTs } : {}),
      userId: reading.kind === 'app' ? null : (message.user ?? null),
      ...(team === undefined ? {} : { team }),
      content: readContent(message),
    },
  };
}

/** Encodes private_metadata. Content that exceeds Slack's limit is left out. */
export function writePlace(place: StartPlace): string {
  const whole = JSON.stringify(place);
  if (whole.length <= slackLimits.privateMetadata || !place.message) return whole;
  const { content, ...message } = place.message;
  return JSON.stringify({ ...place, message });
}

/** Reads the private_metadata of a modal. Throws {@link UserFacingError} if it is not readable. */
export function readPlace(metadata: string): StartPlace {
  try {
    return placeSchema.parse(JSON.parse(metadata));
  } catch (cause) {
    throw new UserFacingError(message('startProcess.unreadable'), { cause });
  }
}

export type MessageContent = Pick<MessageFacts, 'text' | 'files'>;
