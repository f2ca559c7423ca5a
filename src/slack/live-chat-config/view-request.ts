import { z } from 'zod';
import { boundEvents } from '../../bindings/binding-kinds.ts';
import { listPlaceSchema } from './list-place.ts';

const optionSchema = z.object({ value: z.string() });

/** The fields of a click or selection in a modal that are read (Slack: block_actions). */
const actionSchema = z.object({
  user: z.object({ id: z.string() }),
  trigger_id: z.string(),
  view: z.object({
    id: z.string(),
    root_view_id: z.string(),
    private_metadata: z.string(),
    state: z.object({ values: z.unknown() }).optional(),
  }),
  actions: z
    .tuple([z.object({ value: z.string().nullish(), selected_option: optionSchema.nullish() })])
    .rest(z.unknown()),
});

/** The fields of a submitted modal that are read (Slack: view_submission). */
const submissionSchema = z.object({
  user: z.object({ id: z.string() }),
  view: z.object({
    id: z.string(),
    root_view_id: z.string(),
    previous_view_id: z.string().nullish(),
    private_metadata: z.string(),
    state: z.object({ values: z.unknown() }),
  }),
});

export interface ViewAction {
  userId: string;
  triggerId: string;
  viewId: string;
  rootViewId: string;
  metadata: string;
  stateValues: unknown;
  /** The value of the button or the selected option. */
  value: string;
}

export interface ViewSubmission {
  userId: string;
  viewId: string;
  rootViewId: string;
  /** The view below the submitted one. */
  previousViewId: string | undefined;
  metadata: string;
  stateValues: unknown;
}

/** Throws a ZodError on a form that Slack never sends. */
export function readViewAction(body: unknown): ViewAction {
  const { user, trigger_id, view, actions } = actionSchema.parse(body);
  const [action] = actions;
  return {
    userId: user.id,
    triggerId: trigger_id,
    viewId: view.id,
    rootViewId: view.root_view_id,
    metadata: view.private_metadata,
    stateValues: view.state?.values ?? {},
    value: action.selected_option?.value ?? action.value ?? '',
  };
}

/** Throws a ZodError on a form that Slack never sends. */
export function readViewSubmission(body: unknown): ViewSubmission {
  const { user, view } = submissionSchema.parse(body);
  return {
    userId: user.id,
    viewId: view.id,
    rootViewId: view.root_view_id,
    previousViewId: view.previous_view_id ?? undefined,
    metadata: view.private_metadata,
    stateValues: view.state.values,
  };
}

/** Parses private_metadata. Throws if it is not in Kickoff's form. */
export function readMetadata<T>(schema: z.ZodType<T>, metadata: string): T {
  return schema.parse(JSON.parse(metadata));
}

export const liveChatIdSchema = z.uuid();
export const bindingEventSchema = z.enum(boundEvents);

/** private_metadata of a view about one live chat. */
export const liveChatPlaceSchema = z.object({ liveChatId: liveChatIdSchema, list: listPlaceSchema });
export type LiveChatPlace = z.infer<typeof liveChatPlaceSchema>;

/** private_metadata of a view about a binding. */
export const bindingPlaceSchema = liveChatPlaceSchema.extend({ bindingId: z.uuid() });
export type BindingPlace = z.infer<typeof bindingPlaceSchema>;

/** private_metadata of a view about a binding or, without a binding id, an event that is to get one. */
export const eventPlaceSchema = liveChatPlaceSchema.extend({
  event: bindingEventSchema,
  bindingId: z.uuid().optional(),
});
export type EventPlace = z.infer<typeof eventPlaceSchema>;
