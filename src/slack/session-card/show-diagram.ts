import type { BlockAction, ButtonAction } from '@slack/bolt';
import type { ModalView } from '@slack/web-api';
import { UserFacingError } from '../../errors.ts';
import { getStart } from '../../starts/queries.ts';
import { message } from '../../words/message.ts';
import type { Words } from '../../words/words.ts';
import { stateText } from '../activity/activity-line.ts';
import { describeStart } from '../activity/describe-start.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { joined, type Markup, markup, say } from '../block-kit/markup.ts';
import { plainText, section } from '../block-kit/text-objects.ts';
import { openModal } from '../open-modal.ts';
import { processPicture } from '../pictures/process-picture.ts';
import { accessSession } from '../rights/access-session.ts';
import type { SlackContext } from '../slack-context.ts';
import { readPlace } from '../start-process/start-place.ts';
import { wordsFor } from '../words-for.ts';

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
    if (start?.sessionId !== session.id) throw new UserFacingError(message('session.noDiagram'));
    const name = markup`*${start.processName}*`;
    const state = stateText(words, await describeStart(context, words, start, { offerRetry: false }));
    const fileId = await processPicture(context, start);
    return diagramModal(words, joined([name, state], '\n'), fileId);
  };
  const request = { words, triggerId: body.trigger_id, title: words('session.diagram'), how: 'push' } as const;
  await openModal(context, request, build);
}

function diagramModal(words: Words, head: Markup, fileId: string | undefined): ModalView {
  return {
    type: 'modal',
    title: plainText(words('session.diagram'), slackLimits.viewTitle),
    close: plainText(words('button.close'), slackLimits.viewSubmit),
    blocks: [
      section(head),
      fileId === undefined
        ? section(say(words, 'session.noLayout'))
        : { type: 'image', slack_file: { id: fileId }, alt_text: words('session.diagramAlt') },
      ...(fileId === undefined ? [] : [section(say(words, 'session.diagramLegend'))]),
    ],
  };
}
