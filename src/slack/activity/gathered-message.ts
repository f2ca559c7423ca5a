import { createHash } from 'node:crypto';
import type { types } from '@slack/bolt';
import type { Start } from '../../starts/queries.ts';
import { joined, type Markup, notification } from '../block-kit/markup.ts';
import type { SlackContext } from '../slack-context.ts';
import { activityLine } from './activity-line.ts';
import { channelWords } from './channel-words.ts';
import { describeStart } from './describe-start.ts';

export interface ToldMessage {
  text: string;
  blocks: types.KnownBlock[];
  /** A hash of the content, to skip updates that change nothing. */
  told: string;
}

/** One message with the current lines of these starts. */
export async function gatheredMessage(context: SlackContext, starts: Start[]): Promise<ToldMessage> {
  const lines = await Promise.all(
    starts.map(async (start) => {
      const words = channelWords(context, start);
      return activityLine(words, {
        ...(await describeStart(context, words, start, { offerRetry: true })),
        offerCancel: true,
      });
    }),
  );
  return toldMessage(
    joined(
      lines.map(({ text }) => text),
      '\n',
    ),
    lines.flatMap(({ blocks }, at) =>
      blocks.map((block) => ({ ...block, block_id: `${starts[at]?.id}:${block.type}` })),
    ),
  );
}

/** A message with the hash of its content, by which an unchanged one is not sent again. */
export function toldMessage(text: Markup, blocks: types.KnownBlock[]): ToldMessage {
  const told = createHash('sha256')
    .update(JSON.stringify([text.source, blocks]))
    .digest('base64url')
    .slice(0, 22);
  return { text: notification(text), blocks, told };
}
