import type { types } from '@slack/bolt';
import { fitText } from './fit-text.ts';
import { slackLimits } from './limits.ts';
import { withoutControls } from './literal-text.ts';
import { cut, type Markup } from './markup.ts';

/** A plain_text object whose text is fitted to `limit`. Slack shows it as it is. */
export function plainText(text: string, limit: number): types.PlainTextElement {
  return { type: 'plain_text', text: fitText(withoutControls(text), limit) };
}

/** A mrkdwn object. Slack makes nothing of it that is not written out: no mention of `@channel`, no link of an address. */
export function mrkdwn(text: Markup, limit: number = slackLimits.sectionText): types.MrkdwnElement {
  return { type: 'mrkdwn', text: cut(text.source, limit).trim() || '—', verbatim: true };
}

export function section(text: Markup): types.SectionBlock {
  return { type: 'section', text: mrkdwn(text) };
}
