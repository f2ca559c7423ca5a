/**
 * Somebody's text as one line of mrkdwn without any effect: no mention, link, date, channel or formatting, and no change of
 * text direction. Slack has entities for `&`, `<` and `>` only, so other formatting characters are replaced by look-alikes.
 * Emoji `:codes:` stay.
 */
export function literalLine(text: string): string {
  const line = withoutControls(text.replaceAll(/\s*[\n\r\v\f\u0085\u2028\u2029]+\s*/g, ' '));
  const literal = line
    .replace(/^>+/, (marks) => '›'.repeat(marks.length))
    .replaceAll(/[*_~`]/g, (mark, at: number) => (formats(line, mark, at) ? (lookalikes[mark] ?? '') : mark));
  return withEntities(literal);
}

const lookalikes: Record<string, string> = { '*': '∗', _: 'ˍ', '~': '∼', '`': 'ˋ' };

/** Whether a mark formats here: Slack formats only at the edges of words, never within `snake_case` or `2 * 3`. */
function formats(line: string, mark: string, at: number): boolean {
  const before = line[at - 1] ?? '';
  const after = line[at + 1] ?? '';
  const isInWord = /[\p{L}\p{N}]/u.test(before) && /[\p{L}\p{N}]/u.test(after);
  return mark === '`' || !(isInWord || (before === ' ' && after === ' '));
}

/** Slack's only entities (docs.slack.dev/messaging/formatting-message-text). */
const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Escapes a text for mrkdwn. Formatting characters keep their effect. */
export function withEntities(text: string): string {
  return text.replaceAll(/[&<>]/g, (character) => entities[character] ?? character);
}

/** Removes control characters and characters that change the direction of text. */
export function withoutControls(text: string): string {
  return text.replaceAll('\t', ' ').replaceAll(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/gu, '');
}
