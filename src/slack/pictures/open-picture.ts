import { setTimeout as delay } from 'node:timers/promises';
import type { types } from '@slack/bolt';
import type { ModalView } from '@slack/web-api';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { type Markup, say } from '../block-kit/markup.ts';
import { plainText, section } from '../block-kit/text-objects.ts';
import { type ModalRequest, openModal } from '../open-modal.ts';
import type { SlackContext } from '../slack-context.ts';
import type { Picture } from './process-picture.ts';

/** A picture with the texts around it. */
export interface Pictured {
  head: Markup;
  /** Alternative text. */
  alt: string;
  legend?: Markup;
  /** The picture with its current processing state; undefined if there is none. */
  find(): Promise<Picture | undefined>;
}

/** Shows a picture on top of the current modal, once Slack has processed it. */
export async function openPicture(
  context: Pick<SlackContext, 'client' | 'logger'>,
  request: Omit<ModalRequest, 'how'>,
  look: () => Promise<Pictured>,
): Promise<void> {
  let pictured: Pictured | undefined;
  let picture: Picture | undefined;
  const build = async () => {
    pictured = await look();
    picture = await pictured.find();
    return pictureModal(request, pictured, picture);
  };
  const show = await openModal(context, { ...request, how: 'push' }, build);
  if (!pictured || !picture?.readyInMs) return;
  // Not awaited, so that Kickoff can stop while somebody looks at a modal.
  showOnceReady(request, { pictured, picture, show }).catch((err) =>
    context.logger.warn({ err }, 'a picture is not shown'),
  );
}

/** Waits until Slack has processed a picture, then shows it. */
async function showOnceReady(
  request: Omit<ModalRequest, 'how'>,
  { pictured, picture, show }: { pictured: Pictured; picture: Picture; show: (view: ModalView) => Promise<boolean> },
): Promise<void> {
  let last: Picture | undefined = picture;
  while (last && last.readyInMs > 0) {
    await delay(last.readyInMs, undefined, { ref: false });
    last = await pictured.find();
  }
  await show(pictureModal(request, pictured, last ?? 'overdue'));
}

function pictureModal(
  { words, title }: Omit<ModalRequest, 'how'>,
  pictured: Pictured,
  picture: Picture | 'overdue' | undefined,
): ModalView {
  return {
    type: 'modal',
    title: plainText(title, slackLimits.viewTitle),
    close: plainText(words('button.close'), slackLimits.viewSubmit),
    blocks: [section(pictured.head), ...pictureBlocks(words, pictured, picture)],
  };
}

function pictureBlocks(
  words: Words,
  { alt, legend }: Pictured,
  picture: Picture | 'overdue' | undefined,
): types.KnownBlock[] {
  if (picture === undefined) return [section(say(words, 'session.noLayout'))];
  if (picture === 'overdue') return [section(say(words, 'tryAgain'))];
  if (picture.readyInMs > 0) return [section(say(words, 'session.diagramSoon'))];
  return [{ type: 'image', slack_file: { id: picture.fileId }, alt_text: alt }, ...(legend ? [section(legend)] : [])];
}
