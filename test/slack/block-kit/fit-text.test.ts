import { describe, expect, test } from 'vitest';
import { fitText } from '../../../src/slack/block-kit/fit-text.ts';

describe('fitText', () => {
  test.each([
    ['fits', 'abcde', 5, 'abcde'],
    ['is cut with an ellipsis', 'abcdef', 5, 'abcd…'],
    ['no space before the ellipsis', 'abc def', 5, 'abc…'],
    ['empty', '', 5, '—'],
    ['blank', ' \n', 5, '—'],
    ['a family stays whole or goes', 'ab👨‍👩‍👧‍👦c', 8, 'ab…'],
    ['a family that fits stays', '👨‍👩‍👧‍👦abcdef', 13, '👨‍👩‍👧‍👦a…'],
    ['a surrogate pair stays whole', '😀😀😀', 4, '😀…'],
    ['a flag stays whole', '🇩🇪🇫🇷🇮🇹', 8, '🇩🇪…'],
    ['combining marks stay with their letter', 'cafe\u0301s', 5, 'caf…'],
    ['nothing of it fits', '👨‍👩‍👧‍👦', 3, '…'],
  ])('%s', (_, text, limit, fitted) => {
    expect(fitText(text, limit)).toBe(fitted);
    expect(fitText(text, limit).length).toBeLessThanOrEqual(limit);
  });
});
