import { expect, test } from 'vitest';
import { parseMrkdwn } from '../../../sandbox/page/text/parse-mrkdwn.ts';
import {
  authored,
  cut,
  joined,
  link,
  literalMessage,
  markup,
  mention,
  mentionGroup,
  say,
} from '../../../src/slack/block-kit/markup.ts';
import { mrkdwn, plainText } from '../../../src/slack/block-kit/text-objects.ts';
import { message } from '../../../src/words/message.ts';
import { wordsIn } from '../../../src/words/words.ts';

const words = wordsIn({});

/** The parts of a text that Slack would not show as plain text. */
function nodesOf(source: string): string[] {
  const kinds = (value: unknown): string[] => {
    if (Array.isArray(value)) return value.flatMap(kinds);
    if (typeof value !== 'object' || value === null) return [];
    const { type, children } = value as { type?: string; children?: unknown };
    return [...(type === undefined || ['text', 'paragraph'].includes(type) ? [] : [type]), ...kinds(children)];
  };
  return kinds(parseMrkdwn(source, { verbatim: true }));
}

test.each([
  '<!channel>',
  '<!here|x>',
  '<@U0CARL00001>',
  '<#C0123456789|general>',
  '<!subteam^S0123|team>',
  '<!date^1700000000^{date}|x>',
  '<https://evil.example|Log in>',
  '&lt;!channel&gt;',
  '*bold*',
  '_italic_',
  '~struck~',
  '`code`',
  '```\ncode\n```',
  '> quoted',
  '>>> quoted',
  'two\nlines',
  '*',
  'a* and *b',
  '(_x_)',
])('%j is text wherever it is inserted', (text) => {
  expect(nodesOf(markup`${text}`.source)).toEqual([]);
  expect(nodesOf(markup`${text} and ${text}`.source)).toEqual([]);
  expect(nodesOf(markup`*${text}* in ${link('https://acme.example/', text)}`.source)).toEqual(['bold', 'link']);
  expect(nodesOf(say(words, 'start.started', { process: text }).source)).toEqual(['bold']);
  expect(nodesOf(authored('*Hello* {{name}}', { name: text }).source).filter((kind) => kind !== 'break')).toEqual([
    'italic',
  ]);
});

test('ordinary text stays as it was written', () => {
  const text = 'snake_case_name, 2 * 3 = 6, a|b, 50% & “quotes”, :tada:, schon 5~6 🎉 שלום';
  expect(markup`${text}`.source).toBe(text.replace('&', '&amp;'));
});

test('a text cannot change the direction of following text, or contain hidden control characters', () => {
  expect(markup`${'a\u202etxt.exe\u2066\u0000\u0007'}`.source).toBe('atxt.exe');
  expect(plainText('a\u202eb\u0000\nc', 10).text).toBe('ab\nc');
});

test('markup can be inserted into markup, and a person is mentioned', () => {
  const head = markup`*${'A & B'}*`;
  expect(joined([head, 'C & D'], ' · ').source).toBe('*A &amp; B* · C &amp; D');
  expect(say(words, 'tasks.takenBy', { person: mention('U0CARL00001') }).source).toBe('<@U0CARL00001> has it now');
  const said = message('start.mistake', {
    parameter: '<b>',
    mistake: message('tasks.takenBy', { person: { user: 'U0CARL00001' } }),
  });
  expect(say(words, said).source).toBe('“&lt;b&gt;”: <@U0CARL00001> has it now');
  expect(words(said)).toBe('“<b>”: @U0CARL00001 has it now');
});

test('an invalid id becomes no mention, and an invalid address no link', () => {
  expect(mention('U1> <!channel').source).toBe('U1&gt; &lt;!channel');
  expect(mentionGroup('S1|x').source).toBe('S1|x');
  expect(link('javascript:alert(1)', 'Log in').source).toBe('Log in');
  expect(link('https://a.example/|b>', 'x').source).toBe('x');
  expect(link('https://a.example/', 'a|b>c').source).toBe('<https://a.example/|a¦b&gt;c>');
});

test('a message that is not formatted keeps its characters and lines', () => {
  expect(literalMessage('*Two*\n<lines> &amp;').source).toBe('*Two*\n&lt;lines&gt; &amp;amp;');
});

test('formatting of the process’s author applies, formatting in inserted values does not', () => {
  const text = (template: string, variables: Record<string, string>) => authored(template, variables).source;
  expect(text('**Dear** {{name}}\n\n{{lines}}', { name: '**A**', lines: '# a\n- b\n    c' })).toBe(
    '\u200b*Dear*\u200b ∗∗A∗∗\n\n# a\n- b\n    c',
  );
  expect(text('{{a}}\n===', { a: '<@U0CARL00001> <#C0123456789>' })).toBe(
    '*&lt;@U0CARL00001&gt; &lt;#C0123456789&gt;*',
  );
  expect(text('=a', { a: '<!channel> *x*' })).toBe('&lt;!channel&gt; ∗x∗');
  expect(text('[Order]({{link}})', { link: 'https://a.example/x?a=1&b=(2)|<c>' })).toBe(
    '<https://a.example/x?a=1&b=%282%29%7C%3Cc%3E|Order>',
  );
  expect(text('[Order]({{link}})', { link: 'javascript:x' })).toBe('Order');
  expect(text('inserted0e {{a}}', { a: 'insertedx1e' })).toBe('inserted0e insertedx1e');
});

test('text objects fit, and contain only explicit markup', () => {
  expect(plainText('Start business process', 10)).toEqual({ type: 'plain_text', text: 'Start bus…' });
  expect(mrkdwn(markup`${'a & b'}`, 20)).toEqual({ type: 'mrkdwn', text: 'a &amp; b', verbatim: true });
  expect(mrkdwn(markup`${' '}`)).toMatchObject({ text: '—' });
});

test('cutting leaves no half entity or link', () => {
  expect(cut('abc &amp; def', 8)).toBe('abc…');
  expect(cut('see <https://a.example|our site> now', 20)).toBe('see…');
  expect(cut('a😀b', 3)).toBe('a…');
  expect(cut('abc', 3)).toBe('abc');
});
