import { expect, test } from 'vitest';
import { hashOf, placeOf, placeOfLink } from '../../../sandbox/page/state/place.ts';

test('a place is read from the hash that it makes', () => {
  const place = { handle: 'anna', at: '~général', thread: '1700000000.000100' };
  expect(placeOf(hashOf(place))).toEqual(place);
  expect(placeOf('')).toBeUndefined();
});

test.each([
  ['https://northwind.slack.com/archives/C0123', { at: 'C0123', thread: undefined }],
  ['https://northwind.slack.com/archives/C0123/p1700000000000100', { at: 'C0123', thread: undefined }],
  [
    'https://northwind.slack.com/archives/C0123/p17?thread_ts=1700000000.000100&cid=C0123',
    { at: 'C0123', thread: '1700000000.000100' },
  ],
  ['https://elsewhere.slack.com/archives/C0123', undefined],
  ['https://northwind.slack.com.example/archives/C0123', undefined],
  ['https://northwind.slack.com/files/C0123', undefined],
  ['no link', undefined],
])('%s leads into the workspace, or elsewhere', (link, place) => {
  expect(placeOfLink(link, 'northwind')).toEqual(place);
});
