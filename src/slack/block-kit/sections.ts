import type { types } from '@slack/bolt';
import { slackLimits } from './limits.ts';
import { joined, type Markup } from './markup.ts';
import { section } from './text-objects.ts';

/** Puts lines of mrkdwn into as many section blocks as they need, without losing a line or cutting a link or date. */
export function sections(lines: Markup[]): types.SectionBlock[] {
  const texts: Markup[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    const longer = last && joined([last, line], '\n');
    if (longer && longer.source.length <= slackLimits.sectionText) texts[texts.length - 1] = longer;
    else texts.push(line);
  }
  return texts.map(section);
}
