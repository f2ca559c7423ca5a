import { z } from 'zod';
import type { RequestName, Requests } from './protocol.ts';

/** Ids are keys of the state's objects, where `constructor` and similar names would find something. */
const id = z
  .string()
  .min(1)
  .max(50)
  .refine((text) => !(text in Object.prototype), 'There is no such id');
const ts = z.string().regex(/^\d+\.\d+$/);
const text = z.string().max(40_000);
const uploads = z.array(id).max(10);
const nothing = z.strictObject({});
const ofConversation = z.strictObject({ conversation: id });
const ofMessage = z.strictObject({ conversation: id, ts });
const ofView = z.strictObject({ viewId: id });

const element = {
  blockId: z.string().max(255),
  actionId: z.string().max(255),
  buttonValue: z.string().max(2000).optional(),
};
/** Schema of an element's address, on each kind of surface, with more fields. */
const ofElement = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.discriminatedUnion('surface', [
    z.strictObject({ surface: z.literal('message'), conversation: id, ts, ...element, ...shape }),
    z.strictObject({ surface: z.literal('modal'), viewId: id, ...element, ...shape }),
    z.strictObject({ surface: z.literal('home'), ...element, ...shape }),
  ]);

/** The schema of every request's arguments: input from the wire is checked before use. */
export const requestSchemas = {
  act_as: z.strictObject({ userId: id }),
  open_conversation: z.strictObject({ conversation: id.nullable() }),
  load_messages: z.strictObject({ conversation: id, threadTs: ts.optional(), before: ts.optional() }),
  mark_read: ofMessage,
  open_app: z.strictObject({ tab: z.enum(['home', 'messages']) }),
  post: z.strictObject({
    conversation: id,
    text,
    threadTs: ts.optional(),
    broadcast: z.boolean().optional(),
    uploads: uploads.optional(),
  }),
  edit: z.strictObject({ conversation: id, ts, text }),
  delete: ofMessage,
  react: z.strictObject({ conversation: id, ts, name: z.string().max(100), on: z.boolean() }),
  dismiss: ofMessage,
  begin_upload: z.strictObject({
    name: z.string().min(1).max(255),
    mimetype: z.string().max(255),
    size: z.number().int().min(0),
  }),
  upload_part: z.strictObject({ upload: id, data: z.string() }),
  create_channel: z.strictObject({
    name: z.string(),
    isPrivate: z.boolean().optional(),
    sharedWith: id.optional(),
    topic: z.string().optional(),
    invite: z.array(id).max(1000).optional(),
  }),
  rename_channel: z.strictObject({ conversation: id, name: z.string() }),
  set_topic: z.strictObject({ conversation: id, topic: z.string() }),
  archive_channel: ofConversation,
  unarchive_channel: ofConversation,
  delete_channel: ofConversation,
  share_channel: z.strictObject({ conversation: id, teamId: id }),
  invite: z.strictObject({ conversation: id, userIds: z.array(id).max(1000) }),
  remove: z.strictObject({ conversation: id, userId: id }),
  join: ofConversation,
  leave: ofConversation,
  run_command: z.strictObject({ conversation: id, text }),
  use_shortcut: z.strictObject({
    callbackId: z.string(),
    message: ofMessage.optional(),
    conversation: id.optional(),
  }),
  press: ofElement({ option: z.union([z.string(), z.number().int()]).optional() }),
  enter: ofElement({
    value: z.union([text, z.number(), z.array(z.string().max(255)).max(1000), z.null()]),
    pressedEnter: z.boolean().optional(),
  }),
  suggest: ofElement({ typed: z.string().max(1000) }),
  submit: ofView,
  close: ofView,
  close_all: ofView,
  watch_traffic: z.strictObject({ on: z.boolean() }),
  traffic_details: z.strictObject({ entry: id }),
  fault: z.discriminatedUnion('fault', [
    z.strictObject({ fault: z.literal('redeliver'), entry: id }),
    z.strictObject({ fault: z.literal('hold') }),
    z.strictObject({ fault: z.literal('release'), reverse: z.boolean(), times: z.number().int().min(1).max(10) }),
    z.strictObject({ fault: z.literal('drop') }),
    z.strictObject({ fault: z.literal('refuse'), on: z.boolean() }),
    z.strictObject({ fault: z.literal('reconnect') }),
    z.strictObject({
      fault: z.literal('answer'),
      method: z.string().regex(/^(\*|[a-z][\w.]*)$/i),
      status: z.union([z.literal(429), z.literal(500)]),
      times: z.number().int().min(1).max(1000),
    }),
    z.strictObject({ fault: z.literal('clear') }),
  ]),
  reset: nothing,
} satisfies { [Name in RequestName]: z.ZodType<Requests[Name]['args']> };

/** The arguments of a request after they were checked. */
export type Args<Name extends RequestName> = z.output<(typeof requestSchemas)[Name]>;

/** A request before its arguments are checked. */
export const envelopeSchema = z.strictObject({
  id: z.number().int(),
  request: z.string(),
  args: z.unknown(),
});
