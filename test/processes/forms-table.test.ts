import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseForm } from '../../src/processes/parse-form.ts';

const docs = readFileSync('docs/forms.md', 'utf8');
const corpus = new Map(
  readdirSync('test/fixtures/forms').map((file) => [file, readFileSync(`test/fixtures/forms/${file}`, 'utf8')]),
);

const components = [...docs.matchAll(/^\| `(\w+)` \| (yes|–) \|/gm)].map(
  ([, type = '', mark]) => [type, mark] as const,
);
const properties = [...docs.matchAll(/^\| `(\w+)` \| `([\w-]+\.form)` \|/gm)].map(
  ([, property = '', file = '']) => [property, file] as const,
);

test('the table has every component of form-js', () => {
  expect(components.map(([type]) => type).toSorted()).toEqual(
    'button checkbox checklist datetime documentPreview dynamiclist expression filepicker group html iframe image number radio select separator spacer table taglist text textarea textfield'.split(
      ' ',
    ),
  );
});

test.each(components.filter(([, mark]) => mark === 'yes'))('%s is read in a form of the corpus', (type) => {
  const forms = [...corpus.values()].filter((text) => text.includes(`"type": "${type}"`));
  expect(forms.length).toBeGreaterThan(0);
  for (const text of forms) expect(() => parseForm(text)).not.toThrow();
});

test.each(components.filter(([, mark]) => mark === '–'))('%s is refused by its name', (type) => {
  const text = JSON.stringify({ id: 'f', components: [{ type, label: 'Here', key: 'a', path: 'a', components: [] }] });
  expect(() => parseForm(text)).toThrow(new RegExp(`^${type} "Here" \\(a\\): this type is not supported`));
});

test.each(properties)('%s is read in %s', (property, file) => {
  const text = corpus.get(file) ?? '';
  expect(text).toContain(`"${property}":`);
  expect(() => parseForm(text)).not.toThrow();
});
