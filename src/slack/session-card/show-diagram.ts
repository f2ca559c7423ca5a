import { setTimeout as delay } from 'node:timers/promises';
import type { BlockAction, ButtonAction, types } from '@slack/bolt';
import type { ModalView } from '@slack/web-api';
import { UserFacingError } from '../../errors.ts';
import { getStart, type Start } from '../../starts/queries.ts';
import { message } from '../../words/message.ts';
import type { Words } from '../../words/words.ts';
import { stateText } from '../activity/activity-line.ts';
import { describeStart } from '../activity/describe-start.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { joined, type Markup, markup, say } from '../block-kit/markup.ts';
import { plainText, section } from '../block-kit/text-objects.ts';
import { openModal } from '../open-modal.ts';
import { type Picture, processPicture } from '../pictures/process-picture.ts';
import { accessSession } from '../rights/access-session.ts';
import type { SlackContext } from '../slack-context.ts';
import { readPlace } from '../start-process/start-place.ts';
import { wordsFor } from '../words-for.ts';

/** What a person looks at, as it was when they asked for it. */
interface Asked {
  start: Start;
  head: Markup;
}

/** The button beside a process: its diagram, with where it stands and the way it took. */
export async function showDiagram(
  context: SlackContext,
  { action, body }: { action: ButtonAction; body: BlockAction<ButtonAction> },
): Promise<void> {
  const words = await wordsFor(context, body.user.id);
  let asked: Asked | undefined;
  let picture: Picture | undefined;
  const build = async () => {
    const place = readPlace(body.view?.private_metadata ?? '');
    const { session } = await accessSession(context, place.channelId, body.user.id);
    const start = await getStart(context.db, context.identity.teamId, action.value ?? '');
    if (start?.sessionId !== session.id) throw new UserFacingError(message('session.noDiagram'));
    const name = markup`*${start.processName}*`;
    const state = stateText(words, await describeStart(context, words, start, { offerRetry: false }));
    asked = { start, head: joined([name, state], '\n') };
    picture = await processPicture(context, start);
    return diagramModal(words, asked.head, picture);
  };
  const request = { words, triggerId: body.trigger_id, title: words('session.diagram'), how: 'push' } as const;
  const show = await openModal(context, request, build);
  if (!asked || !picture?.readyInMs) return;
  // Not awaited: Kickoff may stop meanwhile, whoever looks at a modal.
  showOnceReady(context, words, { ...asked, picture, show }).catch((err) =>
    context.logger.warn({ err }, 'a diagram is not shown'),
  );
}

/** Slack takes a while to look at a picture before it shows it. */
async function showOnceReady(
  context: SlackContext,
  words: Words,
  { start, head, picture, show }: Asked & { picture: Picture; show: (view: ModalView) => Promise<boolean> },
): Promise<void> {
  let last: Picture | undefined = picture;
  while (last && last.readyInMs > 0) {
    await delay(last.readyInMs, undefined, { ref: false });
    last = await processPicture(context, start);
  }
  await show(diagramModal(words, head, last ?? 'overdue'));
}

function diagramModal(words: Words, head: Markup, picture: Picture | 'overdue' | undefined): ModalView {
  return {
    type: 'modal',
    title: plainText(words('session.diagram'), slackLimits.viewTitle),
    close: plainText(words('button.close'), slackLimits.viewSubmit),
    blocks: [section(head), ...pictureBlocks(words, picture)],
  };
}

function pictureBlocks(words: Words, picture: Picture | 'overdue' | undefined): types.KnownBlock[] {
  if (picture === undefined) return [section(say(words, 'session.noLayout'))];
  if (picture === 'overdue') return [section(say(words, 'tryAgain'))];
  if (picture.readyInMs > 0) return [section(say(words, 'session.diagramSoon'))];
  return [
    { type: 'image', slack_file: { id: picture.fileId }, alt_text: words('session.diagramAlt') },
    section(say(words, 'session.diagramLegend')),
  ];
}
