import { readFile, stat } from 'node:fs';
import { promisify } from 'node:util';
import { DiagramError } from './diagram.ts';
import { tagsOf } from './xml-tags.ts';

/** Maximum length of a file in characters. A diagram with a thousand elements has about one million. Camunda 8 accepts 4 MB. */
const maximumLength = 4_000_000;
/** Maximum nesting of elements: the reader and the interpreter are recursive. */
const maximumNesting = 200;

const tooLong = 'the file has more than 4 million characters';
const tooDeep = `it is nested more than ${maximumNesting} deep`;

/** @throws DiagramError if the file is too large or too deeply nested */
export function assertReadable(xml: string): void {
  if (xml.length > maximumLength) {
    throw new DiagramError(tooLong, undefined);
  }
  let depth = 0;
  for (const { at, kind } of tagsOf(xml)) {
    if (kind === 'close') depth -= 1;
    if (kind === 'open') depth += 1;
    if (depth > maximumNesting) {
      throw new DiagramError(tooDeep, xml.slice(0, at).split('\n').length);
    }
  }
}

// With `node:fs/promises`, small files take twice the time.
const readText = promisify(readFile);
export const findFile = promisify(stat);

/** @throws Error */
export async function readBounded(path: string): Promise<string> {
  const found = await findFile(path);
  if (!found.isFile()) throw new Error('it is not a file');
  if (found.size > 2 * maximumLength) throw new Error(tooLong);
  return readText(path, 'utf8');
}

/** @throws Error if a form's JSON is too large or too deeply nested */
export function assertReadableForm(text: string): void {
  if (text.length > maximumLength) throw new Error(tooLong);
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > maximumNesting) throw new Error(tooDeep);
  }
}
