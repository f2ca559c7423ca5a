import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('docs/rights.md has a row for each file of src/slack/rights', () => {
  const rows = [...readFileSync('docs/rights.md', 'utf8').matchAll(/^\|.*\| `([\w-]+\.ts)` \|$/gm)];
  expect(rows.map(([, file]) => file).toSorted()).toEqual(readdirSync('src/slack/rights').toSorted());
});
