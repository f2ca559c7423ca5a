import { expect, test } from 'vitest';
import { mentionsIn, readableText } from '../../src/sessions/readable-text.ts';

const nameOf = (userId: string) => (userId === 'U1' ? 'Carl Client' : undefined);

test.each([
  ['5 &amp; more &lt;b&gt;', '5 & more <b>'],
  ['&amp;lt; stays escaped once', '&lt; stays escaped once'],
  ['<@U1> and <@U2|bob> and <@U3>', '@Carl Client and @bob and @U3'],
  ['<#C1|general> <#C2> <#C3|>', '#general #C2 #C3'],
  ['<!here> <!subteam^S1|@support> <!subteam^S1>', '@here @support @subteam'],
  [
    '<https://a.example/?x=1&amp;y=2> <https://a.example|our site>',
    'https://a.example/?x=1&y=2 our site (https://a.example)',
  ],
  ['<https://a.example|a.example> <mailto:a@b.example|a@b.example>', 'https://a.example a@b.example'],
  ['1 < 2', '1 < 2'],
])('%s', (text, readable) => {
  expect(readableText(text, nameOf)).toBe(readable);
});

test('mentioned people are found', () => {
  expect(mentionsIn('<@U1> <@U2|bob> <#C1> <!here>')).toEqual(['U1', 'U2']);
});
