import { describe, expect, test } from 'vitest';
import { createCatalogue } from '../../src/processes/catalogue.ts';
import type { ProcessDefinition } from '../../src/processes/process-definition.ts';

const definition = (id: string, overrides: Partial<ProcessDefinition> = {}): ProcessDefinition => ({
  id,
  name: id,
  version: 1,
  parameters: [],
  ...overrides,
});

const catalogue = createCatalogue([
  definition('create-lead', { name: 'Create lead', workspace: 'CRM', app: 'Leads', description: 'Posts to the CRM' }),
  definition('merge-leads', { name: 'Merge leads', workspace: 'CRM', app: 'Leads' }),
  definition('mislead', { name: 'Mislead', workspace: 'CRM', app: 'Leads' }),
  definition('report', { name: 'Report', workspace: 'CRM' }),
  definition('escalate', { name: 'Escalate', description: 'Leads a supervisor to the session' }),
  definition('absence', { name: 'Учёт отпусков', workspace: 'Кадры' }),
  definition('cafe', { name: 'Café order', workspace: 'Office' }),
  definition('close', { name: 'Close case', workspace: 'crm' }),
]);

const found = (query: string, limit?: number) =>
  catalogue
    .search(query, limit === undefined ? {} : { limit })
    .groups.map(({ scope = 'Company', definitions }) => [scope, ...definitions.map(({ id }) => id)]);

describe('search', () => {
  test.each<[string, string, string[][]]>([
    ['a word of the name', 'create', [['CRM / Leads', 'create-lead']]],
    ['the beginning of a word', 'esc', [['Company', 'escalate']]],
    ['the middle of a word', 'alat', [['Company', 'escalate']]],
    ['any case', 'CREATE', [['CRM / Leads', 'create-lead']]],
    ['every word, in any order', 'lead create', [['CRM / Leads', 'create-lead']]],
    ['words from name and app', 'merge crm', [['CRM / Leads', 'merge-leads']]],
    ['not when one word is missing', 'create order', []],
    ['ё as е', 'учет', [['Кадры', 'absence']]],
    ['е as ё', 'ОТПУСК', [['Кадры', 'absence']]],
    ['without accents', 'cafe', [['Office', 'cafe']]],
    ['with accents', 'ordér', [['Office', 'cafe']]],
    ['a description', 'supervisor', [['Company', 'escalate']]],
    ['the company', 'company', [['Company', 'escalate']]],
    ['the company in another language', 'компания', [['Company', 'escalate']]],
    ['punctuation between words', 'CRM / Leads: merge', [['CRM / Leads', 'merge-leads']]],
    ['punctuation alone', '/', []],
    ['nothing', 'xyzzy', []],
    // Matches a whole word first, then the beginning of a word, then the middle. Groups keep their order.
    [
      'most relevant first within a group',
      'lead',
      [
        ['Company', 'escalate'],
        ['CRM / Leads', 'create-lead', 'merge-leads', 'mislead'],
      ],
    ],
  ])('%s', (_, query, groups) => {
    expect(found(query)).toEqual(groups);
  });

  test('an empty query lists everything: Company, then workspaces and apps', () => {
    expect(found(' ')).toEqual([
      ['Company', 'escalate'],
      ['CRM', 'report'],
      ['crm', 'close'],
      ['CRM / Leads', 'create-lead', 'merge-leads', 'mislead'],
      ['Office', 'cafe'],
      ['Кадры', 'absence'],
    ]);
  });

  test('the most relevant are listed up to the limit, and the rest is counted', () => {
    expect(found('lead', 2)).toEqual([['CRM / Leads', 'create-lead', 'merge-leads']]);
    expect(catalogue.search('lead', { limit: 2 }).more).toBe(2);
    expect(catalogue.search('', { limit: 3 }).more).toBe(5);
    expect(catalogue.search('lead').more).toBe(0);
  });
});

test('100 options at most, by default', () => {
  const many = createCatalogue(Array.from({ length: 150 }, (_, i) => definition(`p${i}`, { workspace: `W${i}` })));
  const { groups, more } = many.search('p');
  expect(groups).toHaveLength(100);
  expect(groups.slice(0, 3).map(({ scope }) => scope)).toEqual(['W0', 'W1', 'W2']);
  expect(more).toBe(50);
});

test('get by id; the last of equal ids counts', () => {
  const two = createCatalogue([definition('a', { version: 1 }), definition('a', { version: 2 })]);
  expect(two.get('a')?.version).toBe(2);
  expect(two.size).toBe(1);
  expect(two.get('b')).toBeUndefined();
});
