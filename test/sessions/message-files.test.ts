import { expect, test } from 'vitest';
import { missingFiles, seeFiles, shownFiles } from '../../src/sessions/message-files.ts';
import type { People } from '../../src/sessions/people.ts';
import { message } from '../../src/words/message.ts';

const plan = { name: 'plan.pdf', type: 'application/pdf', size: 3, link: 'https://x/plan' };

/** Slack's answers to requests for a file; the last one repeats. */
function answering(...answers: Awaited<ReturnType<People['file']>>[]) {
  let asked = 0;
  const file: People['file'] = async () => answers[Math.min(asked++, answers.length - 1)] ?? plan;
  return { file, asked: () => asked };
}

test('Slack is not asked for files that the message shows', async () => {
  const people = answering('unfinished');
  expect(await seeFiles(people, [plan], [0])).toEqual([plan]);
  expect(people.asked()).toBe(0);
});

test('an upload that is finished after a while is seen', async () => {
  const people = answering('unfinished', 'unfinished', plan);
  expect(await seeFiles(people, [{ fileId: 'F1' }], [0, 0, 0])).toEqual([plan]);
  expect(people.asked()).toBe(3);
});

test('an upload that is never finished is left out after the last pause', async () => {
  const people = answering('unfinished');
  const seen = await seeFiles(people, [plan, { fileId: 'F1' }], [0, 0]);
  expect(people.asked()).toBe(3);
  expect(shownFiles(seen)).toEqual([plan]);
  expect(missingFiles(seen)).toEqual([message('file.unfinished')]);
});
