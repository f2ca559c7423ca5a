import { expect, test } from 'vitest';
import type { ElementInstance } from '../../../src/engines/engine.ts';
import { stepsText } from '../../../src/slack/activity/steps-text.ts';
import { joined, markup } from '../../../src/slack/block-kit/markup.ts';
import { sections } from '../../../src/slack/block-kit/sections.ts';
import { whyModal } from '../../../src/slack/why/why-view.ts';
import { english } from '../../../src/words/words.ts';

test('text too long for one section continues in the next, line by line', () => {
  const lines = Array.from({ length: 100 }, (_, nth) => markup`Line ${nth} ${'x'.repeat(90)}`);
  const blocks = sections(lines);
  expect(blocks.length).toBeGreaterThan(1);
  for (const { text } of blocks) expect(text?.text.length).toBeLessThanOrEqual(3000);
  expect(blocks.map(({ text }) => text?.text).join('\n')).toBe(joined(lines, '\n').source);
  expect(sections([markup`${'x'.repeat(4000)}`])).toMatchObject([
    { text: { text: expect.stringMatching(/^x{2999}…$/) } },
  ]);
  expect(sections([])).toEqual([]);
});

test('of many long steps the newest are shown', () => {
  const elements = Array.from(
    { length: 40 },
    (_, nth): ElementInstance => ({
      key: String(nth),
      elementId: `task_${nth}`,
      name: `Step ${nth} & <${'long '.repeat(30)}>`,
      parentKey: '1',
      status: 'completed',
      enteredAt: new Date(nth * 1000),
      leftAt: new Date(nth * 1000),
      reason: undefined,
    }),
  );
  const blocks = sections(stepsText(english, 'Create lead', elements) ?? []);
  const told = blocks.map(({ text }) => text?.text).join('\n');
  expect(told).toContain('Step 39');
  expect(told).toContain('15 earlier steps');
  expect(told.match(/<!date\^\d+\^\{time_secs\}\|[\d:]+>/g)).toHaveLength(25);
});

test('the trace of a message shows the result of a start, however many variables it has', () => {
  const lines = Array.from({ length: 60 }, (_, nth) => markup`Parameter ${nth} ← Message's text: ${'x'.repeat(200)}`);
  const view = whyModal(
    { verdicts: [markup`It ran.`], sections: [{ title: markup`Start`, lines: [...lines, markup`Completed`] }] },
    english,
  );
  expect(JSON.stringify(view.blocks)).toContain('Completed');
  expect(JSON.stringify(view.blocks)).toContain('*Start*');
});
