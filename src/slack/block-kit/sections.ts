import type { types } from '@slack/bolt';
import { mrkdwn, slackLimits } from './limits.ts';

/** Lines of mrkdwn in as many section blocks as they need: none is lost, and no link or date is cut in two. */
export function sections(lines: string[]): types.SectionBlock[] {
  const texts: string[] = [];
  for (const line of lines) {
    const longer = `${texts.at(-1)}\n${line}`;
    if (texts.length > 0 && longer.length <= slackLimits.sectionText) texts[texts.length - 1] = longer;
    else texts.push(line);
  }
  return texts.map((text) => ({ type: 'section', text: mrkdwn(text) }));
}
