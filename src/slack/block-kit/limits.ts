import type { types } from '@slack/bolt';
import { fitText } from './fit-text.ts';

/**
 * What Slack accepts, from docs.slack.dev/reference/block-kit and /reference/views: lengths in characters, taken here as
 * UTF-16 units, which is never more than Slack allows.
 */
export const slackLimits = {
  viewTitle: 24,
  viewSubmit: 24,
  viewBlocks: 100,
  viewStack: 3,
  privateMetadata: 3000,
  callbackId: 255,
  externalId: 255,
  blockId: 255,
  actionId: 255,
  headerText: 150,
  sectionText: 3000,
  sectionField: 2000,
  contextElements: 10,
  messageText: 4000,
  messageBlocks: 50,
  inputLabel: 2000,
  inputHint: 2000,
  placeholder: 150,
  buttonText: 75,
  buttonValue: 2000,
  selectOptions: 100,
  optionGroups: 100,
  optionGroupLabel: 75,
  optionText: 75,
  optionDescription: 75,
  optionValue: 75,
  radioOptions: 10,
  checkboxOptions: 10,
  overflowOptions: 5,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  textInput: 3000,
  inputFiles: 10,
} as const;

/** A plain_text object whose text is fitted to `limit`. */
export function plainText(text: string, limit: number): types.PlainTextElement {
  return { type: 'plain_text', text: fitText(text, limit) };
}

/** A mrkdwn object whose text is fitted to `limit`. Escape with {@link escapeMrkdwn} what people wrote. */
export function mrkdwn(text: string, limit: number = slackLimits.sectionText): types.MrkdwnElement {
  // An entity cut in two would show as its first letters.
  return { type: 'mrkdwn', text: fitText(text, limit).replace(/&[a-z]{0,3}…$/, '…') };
}

/** Makes text literal in mrkdwn: no mention, link or channel comes of it. */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
