import { expect, test } from 'vitest';
import { allPages, pageSize } from '../../../src/engines/camunda8/search.ts';

const rows = (count: number) => Array.from({ length: count }, (_, n) => n);

/** Reads `count` rows from a cluster that counts at most `counted` of them, and returns the rows and the number of searches. */
async function readAll(count: number, counted = Number.POSITIVE_INFINITY) {
  const all = rows(count);
  let searches = 0;
  const read = await allPages(async (page) => {
    searches += 1;
    const first = 'after' in page ? Number(page.after) : 0;
    const items = all.slice(first, first + page.limit);
    return {
      items,
      page: {
        endCursor: items.length > 0 ? String(first + items.length) : null,
        totalItems: Math.min(count, counted),
        hasMoreTotalItems: count > counted,
      },
    };
  });
  return { read, searches };
}

test.each([
  [0, 1],
  [1, 1],
  [pageSize, 1],
  [pageSize + 1, 2],
  [2 * pageSize, 2],
])('reading %i rows takes %i searches', async (count, searches) => {
  expect(await readAll(count)).toEqual({ read: rows(count), searches });
});

test('all rows are read although the cluster counts only some of them', async () => {
  const count = 2 * pageSize;
  expect(await readAll(count, pageSize)).toEqual({ read: rows(count), searches: 3 });
});
