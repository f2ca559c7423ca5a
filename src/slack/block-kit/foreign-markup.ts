import { createRequire } from 'node:module';

/*
 * Parsers of Markdown and HTML. They have some two hundred modules, and many a Kickoff never meets either, so they are loaded
 * on first use.
 */

const load = createRequire(import.meta.url);

let slackify: typeof import('slackify-markdown') | undefined;

/** Converts Markdown to Slack's mrkdwn. */
export function slackifyMarkdown(markdown: string): string {
  slackify ??= load('slackify-markdown') as typeof import('slackify-markdown');
  return slackify(markdown);
}

type HtmlToText = typeof import('html-to-text');

let html: HtmlToText | undefined;

/** Converts HTML to plain text. */
export const htmlToText: HtmlToText['convert'] = (text, options) => {
  html ??= load('html-to-text') as HtmlToText;
  return html.convert(text, options);
};
