import type { BlockAction, ButtonAction } from '@slack/bolt';
import type { ModalView } from '@slack/web-api';
import { drawDiagram } from '../../diagrams/draw-diagram.ts';
import { rasterise } from '../../diagrams/rasterise.ts';
import { readLayout } from '../../diagrams/read-layout.ts';
import { UserFacingError } from '../../errors.ts';
import { getStart } from '../../starts/queries.ts';
import type { Words } from '../../words/words.ts';
import { stateText } from '../activity/activity-line.ts';
import { describeStart } from '../activity/describe-start.ts';
import { escapeMrkdwn, plainText, slackLimits } from '../block-kit/limits.ts';
import { openModal } from '../open-modal.ts';
import type { SlackContext } from '../slack-context.ts';
import { readPlace } from '../start-process/start-place.ts';
import { section } from '../task-form/views.ts';
import { uploadPicture } from '../upload-picture.ts';
import { wordsFor } from '../words-for.ts';
import { accessSession } from './session-access.ts';

/** The button beside a process: its diagram, with where it stands and the way it took. */
export async function showDiagram(
  context: SlackContext,
  { action, body }: { action: ButtonAction; body: BlockAction<ButtonAction> },
): Promise<void> {
  const words = await wordsFor(context, body.user.id);
  const build = async () => {
    const place = readPlace(body.view?.private_metadata ?? '');
    const { session } = await accessSession(context, place.channelId, body.user.id);
    const start = await getStart(context.db, context.identity.teamId, action.value ?? '');
    if (start?.sessionId !== session.id) throw new UserFacingError(words('session.noDiagram'));
    const name = `*${escapeMrkdwn(start.processName)}*`;
    const state = stateText(await describeStart(context, start, { offerRetry: false }));
    const fileId = await pictureOf(context, start);
    return diagramModal(words, `${name}\n${state}`, fileId);
  };
  await openModal(context, body.trigger_id, words('session.diagram'), build, 'push');
}

function diagramModal(words: Words, head: string, fileId: string | undefined): ModalView {
  return {
    type: 'modal',
    title: plainText(words('session.diagram'), slackLimits.viewTitle),
    close: plainText(words('button.close'), slackLimits.viewSubmit),
    blocks: [
      section(head),
      fileId === undefined
        ? section(words('session.noLayout'))
        : { type: 'image', slack_file: { id: fileId }, alt_text: words('session.diagramAlt') },
      ...(fileId === undefined ? [] : [section(words('session.diagramLegend'))]),
    ],
  };
}

/** The id of the uploaded picture; undefined: the diagram has no layout, so there is nothing to draw. */
async function pictureOf(
  context: SlackContext,
  { id, processName, processInstanceKey }: { id: string; processName: string; processInstanceKey: string | null },
): Promise<string | undefined> {
  const { engine } = context;
  if (processInstanceKey === null) return undefined;
  const [xml, history] = await Promise.all([
    engine.getDiagram(processInstanceKey),
    engine.listElementInstances(processInstanceKey),
  ]);
  const layout = xml === undefined ? undefined : await readLayout(xml);
  if (!layout) return undefined;
  const png = await rasterise(drawDiagram(layout, history));
  return uploadPicture(context, { png, filename: `process-${id}.png`, title: processName });
}
