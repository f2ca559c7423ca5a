import type { BlockAction, ButtonAction } from '@slack/bolt';
import { UserFacingError } from '../../errors.ts';
import { getStart } from '../../starts/queries.ts';
import { message } from '../../words/message.ts';
import { standingText } from '../activity/activity-line.ts';
import { describeStart } from '../activity/describe-start.ts';
import { joined, markup, say } from '../block-kit/markup.ts';
import { openPicture } from '../pictures/open-picture.ts';
import { processPicture } from '../pictures/process-picture.ts';
import { accessSession } from '../rights/access-session.ts';
import type { SlackContext } from '../slack-context.ts';
import { readPlace } from '../start-process/start-place.ts';
import { wordsFor } from '../words-for.ts';

/** The *Diagram* button of a process: its diagram with the path it took and where it is now. */
export async function showDiagram(
  context: SlackContext,
  { action, body }: { action: ButtonAction; body: BlockAction<ButtonAction> },
): Promise<void> {
  const words = await wordsFor(context, body.user.id);
  await openPicture(context, { words, triggerId: body.trigger_id, title: words('session.diagram') }, async () => {
    const place = readPlace(body.view?.private_metadata ?? '');
    const { session } = await accessSession(context, place.channelId, body.user.id);
    const start = await getStart(context.db, context.identity.teamId, action.value ?? '');
    if (start?.sessionId !== session.id) throw new UserFacingError(message('session.noDiagram'));
    const name = markup`*${start.processName}*`;
    const state = standingText(words, await describeStart(context, words, start, { offerRetry: false }));
    return {
      head: joined([name, state], '\n'),
      alt: words('session.diagramAlt'),
      legend: say(words, 'session.diagramLegend'),
      find: () => processPicture(context, start),
    };
  });
}
