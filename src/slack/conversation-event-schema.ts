import { z } from 'zod';
import { messageEventSchema } from './read-message.ts';
import { slackId, slackTs } from './slack-ids.ts';

const aboutChannel = { event_ts: slackTs, channel: slackId };

/** The conversation events that the app subscribes to (manifest.yml), with the fields that are read. */
export const conversationEventSchema = z.discriminatedUnion('type', [
  messageEventSchema.extend({ type: z.literal('message'), event_ts: slackTs }),
  z.object({
    type: z.literal('channel_created'),
    event_ts: slackTs,
    channel: z.object({
      id: slackId,
      name: z.string(),
      /** Seconds since 1970. */
      created: z.number().int().min(0).max(9_999_999_999),
      is_ext_shared: z.boolean().optional(),
    }),
  }),
  z.object({
    type: z.enum(['channel_rename', 'group_rename']),
    event_ts: slackTs,
    channel: z.object({ id: slackId, name: z.string().optional() }),
  }),
  z.object({
    type: z.enum(['channel_archive', 'group_archive', 'channel_deleted', 'group_deleted']),
    ...aboutChannel,
  }),
  z.object({ type: z.enum(['channel_unarchive', 'group_unarchive']), ...aboutChannel }),
  z.object({ type: z.enum(['channel_left', 'group_left']), ...aboutChannel, actor_id: slackId.optional() }),
  z.object({ type: z.enum(['channel_shared', 'channel_unshared']), ...aboutChannel }),
  z.object({
    type: z.literal('channel_id_changed'),
    event_ts: slackTs,
    old_channel_id: slackId,
    new_channel_id: slackId,
  }),
  z.object({
    type: z.literal('member_joined_channel'),
    ...aboutChannel,
    user: slackId,
    team: slackId.optional().catch(undefined),
  }),
]);

export type ConversationEvent = z.infer<typeof conversationEventSchema>;
