import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCatalogue, scopeOf } from '../../src/processes/catalogue.ts';
import type { ProcessDefinition } from '../../src/processes/process-definition.ts';
import { searchText, searchWords } from '../../src/processes/search-text.ts';

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

/** The relevance of a definition, read from its texts one after the other; 0 if it lacks a word. */
function plainRelevance(definition: ProcessDefinition, words: string[]): number {
  const name = searchText(definition.name);
  const scope = searchText(scopeOf(definition) ?? 'Company Компания');
  const description = searchText(`${definition.engine ?? ''} ${definition.description ?? ''}`);
  const ofWords = words.map((word) => {
    if (name.includes(` ${word} `)) return 9;
    if (name.includes(` ${word}`)) return 8;
    if (name.includes(word)) return 5;
    if (scope.includes(` ${word}`)) return 4;
    if (description.includes(` ${word}`)) return 3;
    if (scope.includes(word)) return 2;
    return description.includes(word) ? 1 : 0;
  });
  if (ofWords.some((relevance) => relevance === 0)) return 0;
  const ofName = name.startsWith(` ${words.join(' ')}`) ? 10 : 0;
  return ofWords.reduce<number>((sum, relevance) => sum + relevance, ofName);
}

/** The definitions that a search finds, in its order, and the number of further ones. */
function plainSearch(
  definitions: readonly ProcessDefinition[],
  query: string,
  { limit, withOff }: { limit: number; withOff: boolean },
): { found: ProcessDefinition[]; more: number } {
  const words = searchWords(query);
  const rated = definitions
    .filter(({ isOff }) => withOff || !isOff)
    .map((one) => ({ one, relevance: words.length > 0 ? plainRelevance(one, words) : Number(query.trim() === '') }))
    .filter(({ relevance }) => relevance > 0);
  const best = rated.toSorted((a, b) => b.relevance - a.relevance).slice(0, limit);
  const scopes = [...new Set(definitions.map(scopeOf))];
  const groups = scopes.flatMap((scope) => best.filter(({ one }) => scopeOf(one) === scope));
  return { found: groups.map(({ one }) => one), more: rated.length - best.length };
}

test('any search finds what reading each definition finds, in the same order', () => {
  const parts = [
    'lead',
    'Leads',
    'mis',
    'e',
    'ad',
    'CRM',
    'crm',
    'Учёт',
    'учет',
    'é',
    'e\u0301',
    '𐐀',
    'ß',
    '日本',
    '1',
    '10',
    '-',
  ];
  const text = fc
    .array(fc.tuple(fc.constantFrom(...parts), fc.constantFrom('', '', ' ', ' · ')), { maxLength: 6 })
    .map((drawn) => drawn.flat().join(''));
  const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
  const drawn = fc.record({
    name: text,
    workspace: optional(fc.constantFrom('CRM', 'crm', 'Ads', 'Учёт')),
    app: optional(fc.constantFrom('Leads', 'leads', 'E')),
    description: optional(text),
    engine: optional(fc.constantFrom('camunda8', 'leads')),
    isOff: fc.constantFrom(undefined, undefined, true as const),
  });
  const searches = fc.array(fc.record({ query: text, limit: fc.integer({ min: 1, max: 12 }), withOff: fc.boolean() }), {
    minLength: 1,
    maxLength: 10,
  });
  fc.assert(
    fc.property(fc.array(drawn, { maxLength: 40 }), searches, (some, asked) => {
      const many = createCatalogue(
        some.map(({ name, ...rest }, index) => {
          const set = Object.entries(rest).filter(([, value]) => value !== undefined);
          return definition(`p${index}`, { name, ...Object.fromEntries(set) });
        }),
      );
      for (const { query, limit, withOff } of asked) {
        const { groups, more } = many.search(query, { limit, withOff });
        const found = groups.flatMap(({ definitions }) => definitions);
        expect({ found, more }).toEqual(plainSearch(many.list(), query, { limit, withOff }));
        expect(groups.map(({ scope }) => scope)).toEqual([...new Set(found.map(scopeOf))]);
      }
    }),
  );
});
