import { describe, expect, it } from 'vitest';
import { message } from '../../src/words/message.ts';
import { wordsIn } from '../../src/words/words.ts';

describe('words', () => {
  it('are in the reader’s language, or in English if it is not supported', () => {
    const spoken = (locale?: string) => wordsIn({ locale }).language;
    expect(['ru-RU', 'ru', 'ru-UA', 'ru_RU', 'en-GB', 'de-DE', 'xx', '', undefined].map(spoken)).toEqual([
      'ru',
      'ru',
      'ru',
      'en',
      'en',
      'en',
      'en',
      'en',
      'en',
    ]);
    expect(wordsIn({ locale: 'ru-RU' })('unknownText')).toBe('Причина известна другой версии Kickoff.');
  });

  it('format a stored message, also one of another version', () => {
    const stored = JSON.parse(JSON.stringify(message('unknownText')));
    expect(wordsIn({ locale: 'ru' })(stored)).toBe('Причина известна другой версии Kickoff.');
    expect(wordsIn({})({ ...stored, key: 'no.longer.there' })).toBe('Another version of Kickoff knows why.');
  });

  it('format dates for the reader, in their time zone', () => {
    const at = new Date('2026-01-31T22:30:00Z');
    expect(wordsIn({ locale: 'ru-RU', timezone: 'Europe/Moscow' }).dateTime(at)).toBe('1 февр. 2026 г., 01:30');
    expect(wordsIn({ locale: 'en-GB', timezone: 'Europe/London' }).dateTime(at)).toBe('31 Jan 2026, 22:30');
    expect(wordsIn({ locale: 'de-DE', timezone: 'Nowhere/At_all' }).dateTime(at)).toMatch(/^Jan 31, 2026, 10:30\sPM$/);
  });

  it('are checked by the compiler, with their placeholders', () => {
    const words = wordsIn({});
    // @ts-expect-error There is no such text.
    words('start.strated', { process: 'P' });
    // @ts-expect-error It asks for a process.
    words('start.started');
    // @ts-expect-error It asks for a number.
    expect(words('mistake.tooLong', { count: '5' })).toBe('Must have at most 5 characters.');
    expect(words('start.started', { process: 'P' })).toBe('✅ *P* was started.');
  });

  it('use the plural forms of the language', () => {
    const counted = (locale: string) =>
      [1, 3, 5, 21].map((count) => wordsIn({ locale })('mistake.tooShort', { count }));
    expect(counted('ru')).toEqual([
      'Нужен хотя бы 1 символ.',
      'Нужно хотя бы 3 символа.',
      'Нужно хотя бы 5 символов.',
      'Нужен хотя бы 21 символ.',
    ]);
    expect(counted('en')[0]).toBe('Must have at least 1 character.');
    expect(wordsIn({ locale: 'ru' })('mistake.tooLarge', { maximum: 12_345.5 })).toMatch(/12\s345,5/);
  });

  it('format the values of a message in the same language', () => {
    const mistake = message('start.mistake', { parameter: 'Phone', mistake: message('mistake.required') });
    expect(wordsIn({ locale: 'ru' })(mistake)).toBe('«Phone»: Это поле обязательно.');
  });

  it('list things', () => {
    expect(wordsIn({ locale: 'ru' }).list(['a', 'b', 'c'], 'or')).toBe('a, b или c');
    expect(wordsIn({ locale: 'en-GB' }).list(['a', 'b', 'c'], 'and')).toBe('a, b and c');
    expect(wordsIn({}).list([], 'and')).toBe('');
  });
});
