import type { types } from '@slack/bolt';
import { EngineUnavailableError } from '../../engines/engine.ts';
import { setActivityTold } from '../../starts/activity-queue.ts';
import type { Start } from '../../starts/queries.ts';
import { escapeMrkdwn } from '../block-kit/limits.ts';
import { findPosted } from '../job-handlers/find-posted.ts';
import { processPicture } from '../process-picture.ts';
import { refusalOf } from '../refusal.ts';
import type { SlackContext } from '../slack-context.ts';
import { section } from '../task-form/views.ts';
import { channelWords } from './channel-words.ts';
import { toldMessage } from './gathered-message.ts';
import { stepsText } from './steps-text.ts';

const metadataType = 'kickoff_steps';

/**
 * Tells in the thread of a message the steps of the starts in it as they happen: one reply, which grows. `turn` says how
 * long the reply has to wait for its turn in the channel; that is what is returned, and 0 when all is told.
 */
export async function tellSteps(context: SlackContext, starts: Start[], turn: () => number): Promise<number> {
  const { db, backgroundClient, logger } = context;
  const [lead] = starts;
  if (!lead?.activityTs || !lead.activityChannel) return 0;
  const texts = await Promise.all(starts.map((start) => stepsOf(context, start)));
  const sections = texts.filter((text) => text !== undefined);
  if (sections.length === 0) return 0;
  const { told, text, blocks } = toldMessage(sections.join('\n'), sections.map(section));
  if (told === lead.stepsTold) return 0;
  const wait = turn();
  if (wait > 0) return wait;
  const { activityChannel: channel, activityTs: threadTs } = lead;
  const reply = { text, blocks: [...blocks, ...(starts.length === 1 ? await pictureOfHang(context, lead) : [])] };
  try {
    // Kept before it is posted for the first time: whoever goes on after a crash looks for it.
    const known = lead.stepsTs || (lead.stepsTs === '' ? await findReply(context, lead, channel, threadTs) : undefined);
    if (known) {
      await backgroundClient.chat.update({ channel, ts: known, ...reply });
      await setActivityTold(db, lead.id, { stepsTold: told, stepsTs: known });
      return 0;
    }
    await setActivityTold(db, lead.id, { stepsTold: '', stepsTs: '' });
    const metadata = { event_type: metadataType, event_payload: { key: lead.id } };
    const message = { channel, thread_ts: threadTs, ...reply, metadata, unfurl_links: false };
    const { ts = '' } = await backgroundClient.chat.postMessage(message);
    await setActivityTold(db, lead.id, { stepsTold: told, stepsTs: ts });
  } catch (error) {
    const reason = refusalOf(error);
    if (reason === undefined) throw error;
    logger.warn({ startId: lead.id, channel, reason }, 'steps cannot be told in the thread');
  }
  return 0;
}

/** Where a process hangs is seen at a glance; one that goes well is drawn in the session's card, for whoever asks. */
async function pictureOfHang(context: SlackContext, start: Start): Promise<types.ImageBlock[]> {
  if (start.status !== 'running' || start.reason === null) return [];
  const { backgroundClient, engine, logger } = context;
  try {
    const id = await processPicture({ engine, client: backgroundClient }, start);
    if (id === undefined) return [];
    return [{ type: 'image', slack_file: { id }, alt_text: channelWords(context, start)('session.diagramAlt') }];
  } catch (err) {
    logger.warn({ err, startId: start.id }, 'steps are told without a picture');
    return [];
  }
}

function findReply({ backgroundClient }: SlackContext, lead: Start, channel: string, threadTs: string) {
  const { id: key, createdAt: since } = lead;
  return findPosted(backgroundClient, { channel, eventType: metadataType, key, since, threadTs });
}

async function stepsOf(context: SlackContext, start: Start): Promise<string | undefined> {
  if (start.processInstanceKey === null) return undefined;
  try {
    const elements = await context.engine.listElementInstances(start.processInstanceKey);
    return stepsText(channelWords(context, start), escapeMrkdwn(start.processName), elements);
  } catch (error) {
    // Its changes are told once it is back.
    if (error instanceof EngineUnavailableError) return undefined;
    throw error;
  }
}
