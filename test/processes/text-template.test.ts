import { expect, test } from 'vitest';
import { renderTextTemplate, textTemplateMistake } from '../../src/processes/text-template.ts';

test.each([
  ['{{trim(name)}}', 'Ann'],
  ['{{get or else(missing, "nobody")}}', 'nobody'],
  ['{{if is empty(tags) then "none" else string join(tags, ", ")}}', 'a, b'],
  ['=upper case(trim(name))', 'ANN'],
  ['on {{today()}}', 'on 2026\\-03\\-04'],
  ['{{missing.entry}}', ''],
  ['{{name + 1}}', ''],
])('%s becomes what the engine would make of it', (template, text) => {
  const now = new Date('2026-03-04T05:06:07Z');
  expect(renderTextTemplate(template, { name: ' Ann ', tags: ['a', 'b'] }, now)).toBe(text);
});

test('what is written in a value is no Markdown', () => {
  expect(renderTextTemplate('{{name}}', { name: '<@U1> *x*' })).toBe('\\<\\@U1\\> \\*x\\*');
});

test.each([
  ['{{trim(name)}} and {{uuid()}}', undefined],
  ['{{trimm(name)}}', /trimm\(\), which does not exist/],
  ['=a +', /FEEL syntax error/],
  ['{{#if a}}x{{/if}}', /not supported/],
])('a mistake is told when the form is read: %s', (template, reason) => {
  if (reason) expect(textTemplateMistake(template)).toMatch(reason);
  else expect(textTemplateMistake(template)).toBeUndefined();
});
