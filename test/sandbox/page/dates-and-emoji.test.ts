import { describe, expect, it } from 'vitest';
import { dayHeading, formatDateToken } from '../../../sandbox/page/text/dates.ts';
import { emojiCharacter, searchEmoji } from '../../../sandbox/page/text/emoji.ts';

describe('dates', () => {
  const now = new Date(2026, 10, 24, 12);
  const seconds = new Date(2026, 10, 23, 9, 5).getTime() / 1000;

  it('fills in the formats of a date mention', () => {
    expect(formatDateToken(seconds, '{date_short} at {time}', now)).toBe('Nov 23, 2026 at 9:05 AM');
    expect(formatDateToken(seconds, '{date_pretty}, {time_secs}', now)).toBe('Yesterday, 9:05:00 AM');
    expect(formatDateToken(seconds, '{date_num} {unknown}', now)).toBe('2026-11-23 {unknown}');
  });

  it('names the days that are near', () => {
    expect(dayHeading(new Date(2026, 10, 24), now)).toBe('Today');
    expect(dayHeading(new Date(2026, 10, 2), now)).toBe('Monday, November 2nd');
    expect(dayHeading(new Date(2025, 10, 11), now)).toBe('Tuesday, November 11th, 2025');
  });
});

describe('emoji', () => {
  it('knows Slack’s names, skin tones and flags', () => {
    expect(emojiCharacter('white_check_mark')).toBe('✅');
    expect(emojiCharacter('thinking_face')).toBe('🤔');
    expect(emojiCharacter('wave::skin-tone-3')).toBe('👋🏼');
    expect(emojiCharacter('flag-de')).toBe('🇩🇪');
    expect(emojiCharacter('no_such_emoji')).toBeUndefined();
  });

  it('finds by the beginning of the name first', () => {
    expect(searchEmoji('tada', 5)[0]).toMatchObject({ name: 'tada', character: '🎉' });
    expect(searchEmoji('zzzz', 5)).toEqual([]);
  });
});
