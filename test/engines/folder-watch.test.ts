import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { stampOf } from '../../src/engines/embedded/reading/file-sources.ts';
import { createFolderLook, pauseAfter } from '../../src/engines/embedded/reading/folder-watch.ts';
import { writeFolder } from './embedded-world.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** A folder that can be read if `isInOrder` is true, and what was read. */
async function watched() {
  const directory = await writeFolder({ 'a.bpmn': 'one' });
  folders.push(directory);
  const loads: string[] = [];
  const state = { isInOrder: true };
  const look = createFolderLook({
    directory,
    stamp: await stampOf(directory),
    async load(isLast) {
      loads.push(isLast ? 'for the last time' : 'read');
      return state.isInOrder || isLast;
    },
  });
  return { look, loads, state, write: (file: string, text: string) => writeFile(join(directory, file), text) };
}

describe('a folder of process files', () => {
  it('is read only after it has changed and then stayed unchanged between two checks', async () => {
    const { look, loads, write } = await watched();
    await look();
    await look();
    expect(loads).toEqual([]);
    await write('a.bpmn', 'one and a half');
    await look();
    await write('a.form', 'two');
    await look();
    expect(loads).toEqual([]);
    await look();
    expect(loads).toEqual(['read']);
    await look();
    await look();
    expect(loads).toEqual(['read']);
  });

  it('that has errors gets some checks to become valid, counted from its last change', async () => {
    const { look, loads, state, write } = await watched();
    state.isInOrder = false;
    await write('a.bpmn', 'one and');
    for (let times = 0; times < 3; times += 1) await look();
    expect(loads).toEqual(['read', 'read']);
    await write('a.bpmn', 'one and a half');
    for (let times = 0; times < 6; times += 1) await look();
    expect(loads).toEqual(['read', 'read', 'read', 'read', 'for the last time']);
  });

  it('is not read because of other files', async () => {
    const { look, loads, write } = await watched();
    await write('notes.txt', 'hello');
    for (let times = 0; times < 4; times += 1) await look();
    expect(loads).toEqual([]);
  });

  it('is checked for at most a tenth of the time if it is large', () => {
    expect(pauseAfter(2, 1000)).toBe(1000);
    expect(pauseAfter(400, 1000)).toBe(3600);
  });
});
