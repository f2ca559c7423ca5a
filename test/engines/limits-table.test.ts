import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { camunda8Limits } from '../../src/engines/camunda8/limits.ts';
import { elma365Limits } from '../../src/engines/elma365/limits.ts';
import { engineLimits } from '../../src/engines/engine.ts';
import { operatonLimits } from '../../src/engines/operaton/limits.ts';

/** Limit → engine → text in the table. */
const table = readTable(readFileSync('docs/engines.md', 'utf8'));
const declared = {
  embedded: [new Set()],
  camunda8: [camunda8Limits],
  elma365: [elma365Limits],
  operaton: [operatonLimits(true), operatonLimits(false)],
};

describe('the table of limits in docs/engines.md', () => {
  it('has a row for each limit, and no other', () => {
    expect([...table.keys()].sort()).toEqual([...engineLimits].sort());
  });

  it.each(Object.entries(declared))('has the declared limits of %s', (engine, sets) => {
    const limited = [...table].filter(([, cells]) => cells.get(engine) !== 'yes').map(([limit]) => limit);
    expect(limited.sort()).toEqual([...new Set(sets.flatMap((one) => [...one]))].sort());
  });
});

function readTable(text: string): Map<string, Map<string, string>> {
  const rows = text.split('\n').flatMap((line) =>
    line.startsWith('| ')
      ? [
          line
            .slice(1, -1)
            .split('|')
            .map((cell) => cell.trim()),
        ]
      : [],
  );
  const header = rows.find(([first]) => first === 'limit') ?? [];
  // Other tables have other columns.
  const limits = rows.filter((row) => row.length === header.length && row[0]?.startsWith('`'));
  return new Map(
    limits.map(([limit = '', ...cells]) => [
      limit.replaceAll('`', ''),
      new Map(cells.map((cell, index) => [header[index + 1] ?? '', cell])),
    ]),
  );
}
