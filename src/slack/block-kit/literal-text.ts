/**
 * What somebody wrote, as text on one line of mrkdwn: no mention, link, date or channel comes of it, no formatting, and no
 * reordering of what is around it. Slack knows entities for `&`, `<` and `>` alone, so a character that could format is
 * replaced by one that looks like it. `:codes:` of emoji stay: they are what the person wrote.
 */
export function literalLine(text: string): string {
  const line = withoutControls(text.replaceAll(/\s*[\n\r\v\f\u0085\u2028\u2029]+\s*/g, ' '));
  const literal = line
    .replace(/^>+/, (marks) => '›'.repeat(marks.length))
    .replaceAll(/[*_~`]/g, (mark, at: number) => (formats(line, mark, at) ? (lookalikes[mark] ?? '') : mark));
  return withEntities(literal);
}

const lookalikes: Record<string, string> = { '*': '∗', _: 'ˍ', '~': '∼', '`': 'ˋ' };

/** Slack formats from and to the edges of words: never within `snake_case`, nor in `2 * 3`. */
function formats(line: string, mark: string, at: number): boolean {
  const before = line[at - 1] ?? '';
  const after = line[at + 1] ?? '';
  const isInWord = /[\p{L}\p{N}]/u.test(before) && /[\p{L}\p{N}]/u.test(after);
  return mark === '`' || !(isInWord || (before === ' ' && after === ' '));
}

/** Slack: these three, and no others (docs.slack.dev/messaging/formatting-message-text). */
const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

export function withEntities(text: string): string {
  return text.replaceAll(/[&<>]/g, (character) => entities[character] ?? character);
}

/** Without characters that show nothing and change what is around them: controls, and those that turn the direction of text. */
export function withoutControls(text: string): string {
  return text.replaceAll('\t', ' ').replaceAll(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/gu, '');
}
