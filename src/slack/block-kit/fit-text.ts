const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Shortens text to at most `limit` UTF-16 units, ending in an ellipsis if it was cut. Graphemes (an emoji, a letter with its
 * accents) stay whole. Slack refuses empty texts, so a blank text becomes `—`.
 */
export function fitText(text: string, limit: number): string {
  if (text.trim() === '') return '—';
  if (text.length <= limit) return text;
  let end = 0;
  // A grapheme has no maximum length; text far beyond the limit need not be segmented.
  for (const { index, segment } of graphemes.segment(text.slice(0, limit + 64))) {
    if (index + segment.length > limit - 1) break;
    end = index + segment.length;
  }
  return `${text.slice(0, end).trimEnd()}…`;
}
