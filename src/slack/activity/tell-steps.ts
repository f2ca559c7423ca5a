import type { types } from '@slack/bolt';
import { putOffMs } from '../../db/away.ts';
import { type ElementInstance, EngineUnavailableError } from '../../engines/engine.ts';
import type { Start } from '../../starts/queries.ts';
import { joined, type Markup } from '../block-kit/markup.ts';
import { sections } from '../block-kit/sections.ts';
import { setPictureInThread } from '../pictures/known-pictures.ts';
import { drawableDiagram, type Picture, processPicture, stateOf } from '../pictures/process-picture.ts';
import type { SlackContext } from '../slack-context.ts';
import { channelWords } from './channel-words.ts';
import { toldMessage } from './gathered-message.ts';
import { stepsText } from './steps-text.ts';
import { writeReply } from './thread-reply.ts';

/** Maximum number of pictures in one reply, if several processes of a message have incidents. */
const mostPictures = 5;

interface Steps {
  start: Start;
  lines: Markup[];
  elements: ElementInstance[];
}

/**
 * Writes the steps of a message's starts to its thread: one reply that is updated, with a picture of each process that has an
 * incident and, if the message is about one start, of its current state. `turn` returns how long to wait for the channel's next
 * turn. Returns the milliseconds after which to come again; 0 if everything is written.
 */
export async function tellSteps(context: SlackContext, starts: Start[], turn: () => number): Promise<number> {
  const [lead] = starts;
  if (!lead?.activityTs || !lead.activityChannel) return 0;
  const steps = (await Promise.all(starts.map((start) => stepsOf(context, start)))).filter((one) => one !== undefined);
  if (steps.length === 0) return 0;
  const { pictured, restsInMs } = await choosePictured(context, steps, starts.length === 1);
  const texts = steps.flatMap(({ lines }) => lines);
  const states = pictured.map(({ elements }) => stateOf(elements));
  const all = toldMessage(joined([...texts, ...states], '\n'), []).told;
  if (all === lead.stepsTold) return restsInMs;
  const pictures = new Map<string, string>();
  let readyInMs = 0;
  for (const { start } of pictured) {
    const picture = await pictureOf(context, start);
    if (picture) readyInMs = Math.max(readyInMs, picture.readyInMs);
    if (picture?.readyInMs === 0) pictures.set(start.id, picture.fileId);
  }
  // The text does not wait until Slack shows the pictures.
  const told = readyInMs > 0 ? toldMessage(joined(texts, '\n'), []).told : all;
  if (told === lead.stepsTold) return readyInMs;
  const wait = turn();
  if (wait > 0) return wait;
  const blocks = steps.flatMap(({ start, lines }): types.KnownBlock[] => {
    const id = pictures.get(start.id);
    const alt_text = channelWords(context, start)('session.diagramAlt');
    return [
      ...sections(lines),
      ...(id === undefined ? [] : [{ type: 'image' as const, slack_file: { id }, alt_text }]),
    ];
  });
  if (await writeReply(context, lead, toldMessage(joined(texts, '\n'), blocks), told)) {
    for (const { start } of steps) await setPictureInThread(context.db, start.id, pictures.get(start.id));
  }
  return readyInMs || restsInMs;
}

async function stepsOf(context: SlackContext, start: Start): Promise<Steps | undefined> {
  if (start.processInstanceKey === null) return undefined;
  try {
    const elements = await context.engine.listElementInstances(start.processInstanceKey);
    const lines = stepsText(channelWords(context, start), start.processName, elements);
    return lines && { start, lines, elements };
  } catch (error) {
    // Its steps are written once the engine is back.
    if (error instanceof EngineUnavailableError) return undefined;
    throw error;
  }
}

/**
 * The starts whose picture to show, and the time until a moving one may have come to rest, in milliseconds; 0 if none moves.
 */
async function choosePictured(
  context: SlackContext,
  steps: Steps[],
  isAlone: boolean,
): Promise<{ pictured: Steps[]; restsInMs: number }> {
  const hanging = steps.filter(({ start }) => start.status === 'running' && start.reason !== null);
  if (hanging.length > 0) {
    return { pictured: await drawable(context, hanging.slice(0, mostPictures)), restsInMs: 0 };
  }
  const pictured = isAlone ? await drawable(context, steps) : [];
  const { restMs } = context.timings.activity;
  const movedAt = Math.max(...pictured.flatMap(({ elements }) => elements.map(lastMove)), 0);
  const restsInMs = Math.min(Math.max(0, movedAt + restMs - Date.now()), restMs);
  return restsInMs > 0 ? { pictured: [], restsInMs } : { pictured, restsInMs: 0 };
}

const lastMove = ({ enteredAt, leftAt }: ElementInstance) => (leftAt ?? enteredAt).getTime();

async function drawable(context: SlackContext, steps: Steps[]): Promise<Steps[]> {
  const can = await Promise.all(
    steps.map(async ({ start }) => {
      try {
        return (await drawableDiagram(context, start)) !== undefined;
      } catch (error) {
        if (error instanceof EngineUnavailableError) return false;
        throw error;
      }
    }),
  );
  return steps.filter((_, at) => can[at]);
}

async function pictureOf(context: SlackContext, start: Start): Promise<Picture | undefined> {
  const { backgroundClient: client, logger } = context;
  try {
    return await processPicture({ ...context, client }, start);
  } catch (err) {
    if (putOffMs(err) !== undefined) throw err;
    logger.warn({ err, startId: start.id }, 'steps are posted without a picture');
    return undefined;
  }
}
