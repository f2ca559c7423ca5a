import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it, test } from 'vitest';
import { slackLimits } from '../../src/slack/block-kit/limits.ts';
import { type Language, languages } from '../../src/words/languages.ts';
import type { Key, Texts } from '../../src/words/message.ts';
import { calleeOf, type Node, readSources, type SourceFile, textsOf, walk } from './source.ts';

const { en, ...others } = languages;
const keys = Object.keys(en) as Key[];
const sources = readSources('src').filter(({ path }) => !path.startsWith('src/words/'));

interface Element {
  type: number;
  value: string;
  options?: Record<string, { value: Element[] }>;
}
/** The numbers of ICU's element types in intl-messageformat. */
const kinds = { argument: 1, number: 2, plural: 6 };

function elementsOf(language: string, text: string): Element[] {
  const { getAst } = new IntlMessageFormat(text, language, undefined, { ignoreTag: true });
  const inside = (elements: Element[]): Element[] =>
    elements.flatMap((element) => [
      element,
      ...Object.values(element.options ?? {}).flatMap((option) => inside(option.value)),
    ]);
  return inside(getAst() as unknown as Element[]);
}

/** The placeholders of a text: `count:number`, `name:any`. */
function placeholdersOf(language: string, text: string): string[] {
  const found = elementsOf(language, text).flatMap(({ type, value }) => {
    if (type === kinds.argument) return [`${value}:any`];
    return type === kinds.number || type === kinds.plural ? [`${value}:number`] : [];
  });
  return [...new Set(found)].sort();
}

/** The keys that a literal or a template can stand for. */
function keysOf(node: Node): Key[] {
  const texts = textsOf(node);
  if (!texts) return [];
  if ('text' in texts) return keys.filter((key) => key === texts.text);
  // A template stands for a family of texts: `type.${type}`.
  if (!/^\w+\.(?:\w+\.)?$/.test(texts.start)) return [];
  return keys.filter((key) => key.startsWith(texts.start) && key.endsWith(texts.end));
}

const literals = (file: SourceFile) => walk(file.program).filter((node) => textsOf(node) !== undefined);

test('every text is used somewhere', () => {
  const used = new Set(sources.flatMap((file) => literals(file).flatMap(keysOf)));
  // Used by words.ts itself.
  used.add('unknownText');
  expect(keys.filter((key) => !used.has(key))).toEqual([]);
});

describe.each(Object.entries(languages) as [Language, Texts][])('%s', (language, texts) => {
  it('has every text, in the order of the English ones', () => {
    expect(Object.keys(texts)).toEqual(keys);
    expect(keys.filter((key) => texts[key].trim() === '' || texts[key] !== texts[key].trim())).toEqual([]);
  });

  it('has a form for every plural', () => {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
    for (const key of keys) {
      for (const { type, options = {} } of elementsOf(language, texts[key])) {
        const forms = Object.keys(options).filter((form) => !form.startsWith('='));
        if (type === kinds.plural) expect([key, forms.sort()]).toEqual([key, categories]);
      }
    }
  });

  it('has typographic quotation marks and dashes', () => {
    const wrong = language === 'ru' ? /[“”"]| - |\.\.\./ : /[«»]|(?<!\w)"| - |\.\.\./;
    expect(keys.filter((key) => wrong.test(texts[key]))).toEqual([]);
  });

  it('fits into Slack', () => {
    const tooLong = limitedTexts.filter(([key, limit]) => lengthOf(texts[key]) > limit);
    expect(tooLong).toEqual([]);
  });
});

describe.each(Object.entries(others) as [Language, Texts][])('%s and English', (language, texts) => {
  it('have the same placeholders', () => {
    const placeholders = (of: string, all: Texts) => keys.map((key) => [key, ...placeholdersOf(of, all[key])]);
    expect(placeholders(language, texts)).toEqual(placeholders('en', en));
  });

  it('have no equal texts', () => {
    const same = keys.filter((key) => texts[key] === en[key] && /\p{L}{3}/u.test(en[key].replaceAll(/\{[^}]*\}/g, '')));
    expect(same).toEqual(['settings.prefixesPlaceholder', 'home.title']);
  });
});

/** Functions that limit their text without an explicit limit. */
const limitOfFunction: Record<string, number> = { button: slackLimits.buttonText, option: slackLimits.optionText };

/** Texts with a maximum length, beyond which Slack refuses or Kickoff cuts them; lengths in characters. */
function findLimitedTexts(): [Key, number][] {
  const calls = sources.flatMap(({ program }) => walk(program)).filter((node) => calleeOf(node) !== undefined);
  const found = calls.flatMap((node): [Key, number][] => {
    const name = calleeOf(node) ?? '';
    const given = node.arguments as Node[];
    const limit = name === 'plainText' ? limitOf(given[1]) : limitOfFunction[name];
    const texts = name === 'plainText' ? given.slice(0, 1) : given.filter((one) => calleeOf(one) === 'words');
    if (limit === undefined) return [];
    return texts.flatMap((text) => walk(text).flatMap(keysOf)).map((key) => [key, limit]);
  });
  const titles = keys.filter((key) => key.endsWith('.title') && !key.startsWith('property.'));
  return [
    ...found,
    ...titles.map((key): [Key, number] => [key, slackLimits.viewTitle]),
    ...keys.filter((key) => key.startsWith('property.')).map((key): [Key, number] => [key, slackLimits.optionText]),
  ];
}

/** The limit in `slackLimits.viewTitle`, or a number. */
function limitOf(node: Node | undefined): number | undefined {
  if (typeof node?.value === 'number') return node.value;
  const name = (node?.property as { name?: string } | undefined)?.name;
  return (slackLimits as Record<string, number>)[name ?? ''];
}

/** The length without placeholders, whose values are cut if they are too long. */
const lengthOf = (text: string) => text.replaceAll(/\{[^}]*\}/g, '').length;

const limitedTexts = findLimitedTexts();

test('the limits of texts are found', () => {
  expect(limitedTexts).toEqual(
    expect.arrayContaining([
      ['startProcess.title', slackLimits.viewTitle],
      ['startProcess.submit', slackLimits.viewSubmit],
      ['button.retry', slackLimits.buttonText],
      ['search.placeholder', slackLimits.placeholder],
      ['newLiveChat.title', slackLimits.buttonText],
      ['settings.source.prefix', slackLimits.optionText],
      ['parameters.notFilled', slackLimits.optionText],
      ['property.client.email', slackLimits.optionText],
    ]),
  );
});
