import { expect, test } from 'vitest';
import { createEvaluate } from '../../src/processes/form-expressions.ts';
import { renderTextTemplate, textTemplateMistake } from '../../src/processes/text-template.ts';

test.each([
  ['{{trim(name)}}', 'Ann'],
  ['{{get or else(missing, "nobody")}}', 'nobody'],
  ['{{if is empty(tags) then "none" else string join(tags, ", ")}}', 'a, b'],
  ['=upper case(trim(name))', 'ANN'],
  ['on {{today()}}', 'on 2026-03-04'],
  ['[{{name}}]({{name}})', '[ Ann ](address)'],
  ['{{missing.entry}}', ''],
  ['{{name + 1}}', ''],
])('%s has the same result as in the engine', (template, text) => {
  const now = new Date('2026-03-04T05:06:07Z');
  const insert = (value: string, { isAddress }: { isAddress: boolean }) => (isAddress ? 'address' : value);
  expect(renderTextTemplate(template, { name: ' Ann ', tags: ['a', 'b'] }, insert, createEvaluate(now))).toBe(text);
});

test.each([
  ['{{trim(name)}} and {{uuid()}}', undefined],
  ['{{trimm(name)}}', /trimm\(\), which does not exist/],
  ['=a +', /FEEL syntax error/],
  ['{{#if a}}x', /not closed/],
])('an error is reported when the form is read: %s', (template, reason) => {
  if (reason) expect(textTemplateMistake(template)).toMatch(reason);
  else expect(textTemplateMistake(template)).toBeUndefined();
});
