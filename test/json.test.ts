import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson, parseNumber, stringifyJson } from '../src/json.ts';
import { storable, storableJson, storableText } from '../src/storable.ts';

describe('JSON', () => {
  test.each(['7615917337495251231', '-9007199254740993', '9223372036854775807', '123456789012345678901234567890'])(
    'keeps the whole number %s',
    (digits) => {
      const text = `{"id":${digits},"list":[${digits}]}`;
      expect(parseJson(text)).toEqual({ id: BigInt(digits), list: [BigInt(digits)] });
      expect(stringifyJson(parseJson(text))).toBe(text);
    },
  );

  test.each(['9007199254740991', '-9007199254740991', '1234567890123456.5', '0.1234567890123456789', '1e30', '0'])(
    'reads %s as a number',
    (digits) => expect(parseJson(`[${digits}, 7615917337495251231]`)).toEqual([Number(digits), 7615917337495251231n]),
  );

  test('is read and written as by JSON itself, beside a long number too', () => {
    const written = fc.json({ maxDepth: 4 });
    const exact = (_: string, value: unknown) =>
      Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(String(value))
        ? BigInt(String(value))
        : value;
    fc.assert(
      fc.property(written, (text) => {
        const read = JSON.parse(text, exact);
        expect(parseJson(text)).toEqual(read);
        expect(parseJson(`[${text}, 7615917337495251231]`)).toEqual([read, 7615917337495251231n]);
        const value = JSON.parse(text);
        expect(stringifyJson(value)).toBe(JSON.stringify(value));
        expect(stringifyJson([value, 1n])).toBe(JSON.stringify([value, 1]));
      }),
      { examples: [['{"":[-9007199254740992]}']] },
    );
  });

  test('treats a member named __proto__ like any other, and keeps the last of two with one name', () => {
    const read = parseJson('{"__proto__": {"admin": 7615917337495251231}, "a": 1, "a": 2}') as Record<string, unknown>;
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(read.admin).toBeUndefined();
    expect(stringifyJson(read)).toBe('{"__proto__":{"admin":7615917337495251231},"a":2}');
  });

  test.each(['{"a": 76159173374952512,}', '[76159173374952512', '', '76159173374952512 1'])(
    'that is broken is refused: %s',
    (text) => expect(() => parseJson(text)).toThrow(SyntaxError),
  );

  test('leaves a number of more than a thousand digits to JSON.parse', () => {
    expect(parseJson(`[${'9'.repeat(1001)}]`)).toEqual([Infinity]);
  });
});

test('a typed number is exact, too', () => {
  expect(['7615917337495251231', '-1', '1.5', '1e3'].map(parseNumber)).toEqual([7615917337495251231n, -1, 1.5, 1000]);
});

describe('text that Postgres cannot store', () => {
  const broken = 'a\0b\ud800c😀\udc00';
  const mended = 'ab\ufffdc😀\ufffd';

  test('is replaced in a text, and in all texts and names of a value', () => {
    expect(storableText(broken)).toBe(mended);
    expect(storable({ [broken]: [broken, { deep: broken }, 1, null, true, 5n] })).toEqual({
      [mended]: [mended, { deep: mended }, 1, null, true, 5n],
    });
  });

  test('is replaced in JSON by the same rule', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), (value) => {
        // If two members get the same name, JSON.parse keeps the last one, as jsonb does.
        expect(JSON.stringify(JSON.parse(storableJson(value)))).toBe(JSON.stringify(storable(value)));
      }),
      { examples: [[{ '': 'first', '\0': 'last' }]] },
    );
    expect(JSON.parse(storableJson({ [broken]: broken, path: 'C:\\u0000\\\0' }))).toEqual({
      [mended]: mended,
      path: 'C:\\u0000\\',
    });
  });

  test('does not change a value without such text', () => {
    const value = { text: 'Grüße 😀', list: [1, 'x'] };
    expect(storable(value)).toBe(value);
  });
});
