import type { types } from '@slack/bolt';
import { fitText } from './fit-text.ts';
import { slackLimits } from './limits.ts';
import { withoutControls } from './literal-text.ts';
import { cut, type Markup } from './markup.ts';

/** A plain_text object with its text fitted to `limit`. Slack shows it without formatting. */
export function plainText(text: string, limit: number): types.PlainTextElement {
  return { type: 'plain_text', text: fitText(withoutControls(text), limit) };
}

/** A mrkdwn object. Slack adds nothing by itself: no mention for `@channel`, no link for an address. */
export function mrkdwn(text: Markup, limit: number = slackLimits.sectionText): types.MrkdwnElement {
  return { type: 'mrkdwn', text: cut(text.source, limit).trim() || '—', verbatim: true };
}

export function section(text: Markup): types.SectionBlock {
  return { type: 'section', text: mrkdwn(text) };
}
