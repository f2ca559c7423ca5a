import { randomBytes } from 'node:crypto';
import type { Attributes } from '@opentelemetry/api';
import type { App, ReceiverEvent } from '@slack/bolt';
import { z } from 'zod';
import { UserFacingError } from '../errors.ts';
import { logWith } from '../log-context.ts';
import type { Logger } from '../logger.ts';
import { storable } from '../storable.ts';
import { traced } from '../tracing.ts';
import { message } from '../words/message.ts';
import { type Words, wordsIn } from '../words/words.ts';
import { AnsweredTooLateError } from './answered-too-late.ts';
import { isReadable } from './delivery-schema.ts';
import { faultAnswer, unreadableAnswer } from './fault-answer.ts';
import { ModalNotOpenedError } from './open-modal.ts';
import type { SlackContext } from './slack-context.ts';
import { readWithheldEvents, type WithheldEvents } from './withheld-events.ts';
import { personInTime } from './words-for.ts';

/** The fields of an Events API delivery that are read (Slack: event_callback). */
export interface EventDelivery<Event = Record<string, unknown>> {
  type: 'event_callback';
  event_id: string;
  team_id: string;
  authorizations?: { team_id: string | null }[];
  /** Seconds since 1970. */
  event_time?: number;
  event: Event;
}

/** A required field of an event is missing or malformed. `field` is the first such field. */
export class UnreadableEventError extends Error {
  override readonly name = 'UnreadableEventError';
  readonly field: string;
  constructor(field: string) {
    super(field);
    this.field = field;
  }
}

/** The team that a delivery is for: in a shared channel, the author's team may be another one. */
export function tenantOf(delivery: EventDelivery<unknown>): string {
  return delivery.authorizations?.[0]?.team_id ?? delivery.team_id;
}

/** The fields of a slash command, action, shortcut or view that say which team it is from. */
interface InteractionTenant {
  team_id?: string;
  team?: { id: string } | null;
  view?: { app_installed_team_id?: string };
}

/** The team of any delivery; undefined if Slack does not say (an interaction in an organisation-wide installation). */
function tenantOfBody(body: ReceiverEvent['body']): string | undefined {
  if (body.type === 'event_callback') return tenantOf(body as EventDelivery);
  const { view, team, team_id }: InteractionTenant = body;
  return view?.app_installed_team_id || team?.id || team_id;
}

const foreignWorkspace = new UserFacingError(message('foreignWorkspace'));
const deactivated = new UserFacingError(message('deactivated'));

const nobodyListens = new UserFacingError(message('unreadable'));

/** The person in an interaction; a slash command has its own field for it. Anything else is nobody. */
const actorSchema = z.union([
  z.object({ user: z.object({ id: z.string() }) }).transform(({ user }) => user.id),
  z.object({ user_id: z.string() }).transform(({ user_id }) => user_id),
  z.unknown().transform(() => ''),
]);

/** The person's language from the cache only: there may be no time left, and the listener has asked Slack already. */
function wordsOf({ directory }: Pick<SlackContext, 'directory'>, body: ReceiverEvent['body']): Words {
  return wordsIn(directory.lastKnown(actorOf(body)) ?? {});
}

function actorOf(body: ReceiverEvent['body']): string {
  return actorSchema.parse(body);
}

const shortName = z
  .string()
  .regex(/^\w{1,64}$/)
  .optional()
  .catch(undefined);

/** Log fields of a delivery that cannot be read: only fields that nobody can fill with free text. */
const namesSchema = z.object({ type: shortName, event_id: shortName }).catch({ type: undefined, event_id: undefined });
const namesOf = (body: unknown) => namesSchema.parse(body);

/** Log fields that connect the lines of a delivery. Slack gives ids to events only, and keeps the id when it redelivers. */
function idOf(body: unknown): Record<string, unknown> {
  const { event_id: eventId } = namesOf(body);
  return eventId === undefined ? { interactionId: randomBytes(6).toString('hex') } : { eventId };
}

const eventTypeSchema = z.object({ event: z.object({ type: shortName }) }).catch({ event: { type: undefined } });

/** Attributes of a delivery's tracing span. */
function attributesOf(body: unknown): Attributes {
  const { type, event_id: id } = namesOf(body);
  const { event } = eventTypeSchema.parse(body);
  return {
    ...(type !== undefined && { 'slack.delivery.type': type }),
    ...(event.type !== undefined && { 'slack.event.type': event.type }),
    ...(id !== undefined && { 'slack.event.id': id }),
  };
}

/** Log fields that identify what somebody did: ids of Kickoff and of Slack. */
const doneSchema = z
  .object({
    command: z.string().optional(),
    callback_id: z.string().optional(),
    action_id: z.string().optional(),
    actions: z.array(z.object({ action_id: z.string() })).optional(),
    view: z.object({ callback_id: z.string() }).optional(),
  })
  .transform(({ command, callback_id, action_id, actions, view }) => ({
    action: command ?? actions?.[0]?.action_id ?? action_id ?? callback_id ?? view?.callback_id,
    view: view?.callback_id,
  }))
  .catch({ action: undefined, view: undefined });

/**
 * Decides when to acknowledge a delivery. Bolt acknowledges events before it calls any listener, so that a crash in between
 * would lose them. Here `handleEvent` gets events without Bolt: they are acknowledged when it has succeeded, and not at all if
 * it fails, so that Slack delivers them again. All other deliveries go to Bolt; a person whose click failed is told so.
 *
 * Malformed deliveries, and those for another workspace than the token's, are dropped. Every text is made storable after its
 * delivery was checked (an event's in events.ts), since all text that people write, show or enter in Slack comes through here.
 * An id that is not storable counts as malformed.
 *
 * Returns a function that resolves when no delivery is being processed.
 */
export function superviseDeliveries(
  app: App,
  context: DeliveriesContext,
  handleEvent: (delivery: EventDelivery<{ type: string }>) => Promise<void> | void,
  handleWithheld: (withheld: WithheldEvents) => Promise<void>,
): () => Promise<unknown> {
  const { identity, priority, database, logger } = context;
  const { metrics } = database;
  const { teamId } = identity;
  const underWay = new Set<Promise<void>>();
  const processEvent = app.processEvent.bind(app);
  /** Acknowledges the delivery without handling it: delivering it again would not help. */
  const ignore = (event: ReceiverEvent, field?: string) => {
    const { type, event_id: eventId } = namesOf(event.body);
    logger.warn({ type, eventId, field }, 'malformed delivery is ignored');
    return event.ack(unreadableAnswer(wordsOf(context, event.body), event.body));
  };
  /** Drops interactions of people who have left: a live chat may still name them. */
  const ofActive: ProcessEvent = async (event) => {
    if ((await personInTime(context, actorOf(event.body)))?.isDeleted) throw deactivated;
    return processEvent(event);
  };
  const supervised = async (event: ReceiverEvent) => {
    const { type } = event.body;
    const tenant = tenantOfBody(event.body);
    if (tenant !== undefined && tenant !== teamId) {
      logger.warn({ type, tenant }, 'delivery for another workspace is ignored');
      return event.ack(
        type === 'event_callback' ? undefined : faultAnswer(wordsOf(context, event.body), event.body, foreignWorkspace),
      );
    }
    if (type !== 'event_callback') {
      return answerFaults(context, ofActive, { ...event, body: storable(event.body) });
    }
    try {
      await handleEvent(event.body as EventDelivery<{ type: string }>);
    } catch (error) {
      if (error instanceof UnreadableEventError) return ignore(event, error.field);
      throw error;
    }
    await event.ack();
  };
  app.processEvent = (delivered) => {
    const process = async () => {
      const withheld = readWithheldEvents(delivered.body);
      if (withheld === undefined) return isReadable(delivered.body) ? supervised(delivered) : ignore(delivered);
      await handleWithheld(withheld);
      return delivered.ack();
    };
    const sinceMs = performance.now();
    const note = (outcome: 'done' | 'failed') => metrics.delivery(delivered.body, outcome, sinceMs);
    const processing = logWith(idOf(delivered.body), () =>
      traced('delivery', { kind: 'CONSUMER', attributes: attributesOf(delivered.body), parent: null }, () =>
        priority.deliver(process),
      ),
    ).finally(() => underWay.delete(processing));
    processing.then(
      () => note('done'),
      () => note('failed'),
    );
    underWay.add(processing);
    return processing;
  };
  return () => Promise.allSettled(underWay);
}

type DeliveriesContext = Pick<SlackContext, 'identity' | 'priority' | 'directory' | 'database' | 'logger'>;
type ProcessEvent = (event: ReceiverEvent) => Promise<void>;

/** How long a person waits for an answer, in milliseconds. Slack gives up after 3 seconds with an unhelpful message. */
const patienceMs = 2500;

async function answerFaults(
  context: DeliveriesContext,
  processEvent: ProcessEvent,
  event: ReceiverEvent,
): Promise<void> {
  const { logger } = context;
  let isAcknowledged = false;
  let isLate = false;
  const acknowledge = async (answered?: Parameters<ReceiverEvent['ack']>[0]) => {
    if (isAcknowledged) return;
    isAcknowledged = true;
    await event.ack(answered);
  };
  const { type } = event.body;
  const done = () => ({
    type,
    ...doneSchema.parse(event.body),
    userId: actorOf(event.body),
    teamId: tenantOfBody(event.body),
  });
  const answer = (error: unknown) => faultAnswer(wordsOf(context, event.body), event.body, error);
  const timer = setTimeout(() => {
    if (isAcknowledged) return;
    isLate = true;
    logger.warn(done(), 'an interaction was not answered in time');
    acknowledge(answer(undefined)).catch((err) => logger.warn({ err, type }, 'no answer was sent'));
  }, patienceMs);
  try {
    await processEvent({
      ...event,
      ack: async (answered) => {
        // For other interactions nobody sees whether they were acknowledged.
        if (isLate && type === 'view_submission') throw new AnsweredTooLateError('the person was told to try again');
        await acknowledge(answered);
      },
    });
    if (!isAcknowledged) {
      logger.warn(done(), 'an interaction has no handler');
      await acknowledge(answer(nobodyListens));
    }
  } catch (err) {
    if (err instanceof AnsweredTooLateError) return;
    if (!(err instanceof UserFacingError)) {
      logger.error({ err, ...done() }, 'an interaction failed');
      context.database.metrics.interactionFailed(event.body);
    }
    if (isAcknowledged && err instanceof ModalNotOpenedError)
      await tellByResponseUrl(event.body, wordsOf(context, event.body)('tryAgain'), logger);
    await acknowledge(answer(err));
  } finally {
    clearTimeout(timer);
  }
}

/** Tells a person whose command or shortcut opened no modal to try again, visible to them only. */
async function tellByResponseUrl(
  { response_url }: { response_url?: string },
  text: string,
  logger: Logger,
): Promise<void> {
  if (!response_url) return;
  try {
    await fetch(response_url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ response_type: 'ephemeral', text }),
      signal: AbortSignal.timeout(5000),
    });
  } catch (err) {
    logger.warn({ err }, 'a person could not be told that no modal opened');
  }
}
