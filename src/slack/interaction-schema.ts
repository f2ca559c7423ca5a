import { z } from 'zod';
import { slackId, slackTs } from './slack-ids.ts';

const named = z.looseObject({ id: slackId });
const option = z.looseObject({ value: z.string() });
const text = z.string().nullish();

/** A person's input in an element, in an action or in a view's state. */
const element = z.looseObject({
  type: text,
  value: text,
  selected_option: option.nullish(),
  selected_options: z.array(option).nullish(),
  selected_user: slackId.nullish(),
  selected_users: z.array(slackId).nullish(),
  selected_channel: slackId.nullish(),
  selected_channels: z.array(slackId).nullish(),
  selected_conversation: slackId.nullish(),
  selected_conversations: z.array(slackId).nullish(),
  selected_date: text,
  selected_time: text,
  selected_date_time: z.number().nullish(),
});

const view = z.looseObject({
  id: z.string().min(1).max(100),
  type: text,
  callback_id: text,
  private_metadata: text,
  root_view_id: text,
  previous_view_id: text,
  hash: text,
  title: z.looseObject({ text: z.string() }).optional(),
  blocks: z.array(z.looseObject({ type: z.string(), block_id: z.string().optional() })).optional(),
  state: z.looseObject({ values: z.record(z.string(), z.record(z.string(), element)) }).optional(),
  app_installed_team_id: slackId.nullish(),
});

const message = z.looseObject({ ts: slackTs, user: slackId.nullish(), text });
const tenant = { team: named.nullish(), team_id: slackId.nullish() };
const byUser = { ...tenant, user: named };

/**
 * The parts of interactions that Kickoff reads. The person and the control they used are required; everything else must at
 * least have the right form. Unknown fields are kept.
 */
const interactionSchema = z.union([
  z.looseObject({
    ...byUser,
    type: z.literal('block_actions'),
    trigger_id: text,
    actions: z.array(element.extend({ action_id: z.string(), block_id: text })).min(1),
    channel: named.nullish(),
    message: message.nullish(),
    view: view.nullish(),
    response_url: z.url().nullish(),
  }),
  z.looseObject({
    ...byUser,
    type: z.enum(['view_submission', 'view_closed']),
    view: view.extend({
      callback_id: z.string(),
      private_metadata: z.string(),
      title: z.looseObject({ text: z.string() }),
    }),
  }),
  z.looseObject({
    ...byUser,
    type: z.literal('message_action'),
    callback_id: z.string(),
    trigger_id: z.string(),
    channel: named,
    message,
    response_url: z.url().nullish(),
  }),
  z.looseObject({ ...byUser, type: z.literal('shortcut'), callback_id: z.string(), trigger_id: z.string() }),
  z.looseObject({
    ...byUser,
    type: z.literal('block_suggestion'),
    action_id: z.string(),
    block_id: text,
    value: z.string(),
    view: view.nullish(),
  }),
  z.looseObject({
    ...tenant,
    command: z.string(),
    user_id: slackId,
    channel_id: slackId,
    trigger_id: z.string(),
    text: z.string().optional(),
    response_url: z.url().optional(),
  }),
]);

/** Whether the body has what the listeners of its kind read. */
export function isInteraction(body: object): boolean {
  return interactionSchema.safeParse(body).success;
}
