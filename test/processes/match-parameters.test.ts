import { expect, test } from 'vitest';
import { matchParameters } from '../../src/processes/match-parameters.ts';

const properties = [
  { code: 'client.email', type: 'email' },
  { code: 'client.isExternal', type: 'boolean' },
  { code: 'session.link', type: 'link' },
  { code: 'priority', type: 'choice' },
] as const;

test.each([
  ['camel case', 'clientEmail', 'email', 'client.email'],
  ['camel case of several words', 'clientIsExternal', 'boolean', 'client.isExternal'],
  ['the code itself', 'priority', 'choice', 'priority'],
  ['the code itself, with its dot', 'session.link', 'link', 'session.link'],
  ['another type', 'clientEmail', 'text', undefined],
  ['another case', 'clientemail', 'email', undefined],
  ['another name', 'email', 'email', undefined],
] as const)('%s', (_, key, type, code) => {
  expect(matchParameters([{ key, type }], properties)).toEqual(code === undefined ? {} : { [key]: code });
});
