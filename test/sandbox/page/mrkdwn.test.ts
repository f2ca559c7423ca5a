import { describe, expect, it } from 'vitest';
import type { Inline } from '../../../sandbox/page/text/mrkdwn-tree.ts';
import { parseInline } from '../../../sandbox/page/text/parse-inline.ts';
import { parseMrkdwn } from '../../../sandbox/page/text/parse-mrkdwn.ts';

const text = (value: string): Inline => ({ type: 'text', text: value });

describe('mrkdwn', () => {
  it('knows bold, italic, strike-through and code, one within the other', () => {
    expect(parseInline('*a _b_* ~c~ `*d*`')).toEqual([
      { type: 'bold', children: [text('a '), { type: 'italic', children: [text('b')] }] },
      text(' '),
      { type: 'strike', children: [text('c')] },
      text(' '),
      { type: 'code', text: '*d*' },
    ]);
  });

  it.each(['snake_case_name', '2 * 3 * 4', '*not closed', 'a*b*c', '* spaced *', '**', '`', '_\n_'])(
    'leaves %j as it is',
    (written) => {
      const shown = parseInline(written).map((node) =>
        node.type === 'break' ? '\n' : 'text' in node ? node.text : '?',
      );
      expect(shown.join('')).toBe(written);
    },
  );

  it('decodes what Slack escapes, once, and nothing else', () => {
    expect(parseInline('&lt;b&gt; &amp;amp; &quot;')).toEqual([text('<b> &amp; &quot;')]);
  });

  it('knows mentions, with and without labels', () => {
    expect(parseInline('<@U1> <#C1|general> <!subteam^S1|@team> <!here>')).toEqual([
      { type: 'user', id: 'U1', label: undefined },
      text(' '),
      { type: 'channel', id: 'C1', label: 'general' },
      text(' '),
      { type: 'group', id: 'S1', label: '@team' },
      text(' '),
      { type: 'broadcast', range: 'here' },
    ]);
  });

  it('makes links of safe URLs, and shows others as text', () => {
    expect(parseInline('<https://a.example/?x=1&amp;y=2|A &amp; B>')).toEqual([
      { type: 'link', url: 'https://a.example/?x=1&y=2', children: [text('A & B')] },
    ]);
    expect(parseInline('<mailto:a@b.example>')).toEqual([
      { type: 'link', url: 'mailto:a@b.example', children: [text('a@b.example')] },
    ]);
    expect(parseInline('<javascript:alert(1)|click>')).toEqual([text('click')]);
    expect(parseInline('see https://a.example/b.')).toEqual([
      text('see '),
      { type: 'link', url: 'https://a.example/b', children: [text('https://a.example/b')] },
      text('.'),
    ]);
  });

  it('knows dates, by their format and fallback', () => {
    expect(parseInline('<!date^1700000000^{date_short} at {time}^https://a.example|then>')).toEqual([
      { type: 'date', seconds: 1700000000, format: '{date_short} at {time}', fallback: 'then' },
    ]);
  });

  it('knows emoji, but not times', () => {
    expect(parseInline(':wave::skin-tone-3: at 10:30:15')).toEqual([
      { type: 'emoji', name: 'wave::skin-tone-3' },
      text(' at 10:30:15'),
    ]);
  });

  it('gathers quoted lines, and keeps blocks of code as they are', () => {
    expect(parseMrkdwn('a\n&gt; *b*\n&gt; c\n```\n*d*\n&lt;e&gt;\n```\nf')).toEqual([
      { type: 'paragraph', children: [text('a')] },
      {
        type: 'quote',
        children: [
          {
            type: 'paragraph',
            children: [{ type: 'bold', children: [text('b')] }, { type: 'break' }, text('c')],
          },
        ],
      },
      { type: 'preformatted', text: '*d*\n<e>' },
      { type: 'paragraph', children: [text('f')] },
    ]);
  });

  it('parses a long text of markers quickly', () => {
    expect(parseInline('*_~`<'.repeat(2000)).length).toBeGreaterThan(0);
  });
});
