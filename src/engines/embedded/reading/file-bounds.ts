import { readFile, stat } from 'node:fs/promises';
import { DiagramError } from './diagram.ts';

/** Characters of a file. A diagram of a thousand elements has about one million. Camunda 8 takes 4 MB. */
const maximumLength = 4_000_000;
/** Elements in each other: reading them, and what reads the model that they make, goes down by recursion. */
const maximumNesting = 200;

const tooLong = 'the file has more than 4 million characters';
const tooDeep = `it is nested more than ${maximumNesting} deep`;

/** @throws DiagramError if the file is more than is read */
export function assertReadable(xml: string): void {
  if (xml.length > maximumLength) {
    throw new DiagramError(tooLong, undefined);
  }
  let depth = 0;
  let end = 0;
  for (let at = xml.indexOf('<'); at >= 0; at = xml.indexOf('<', end)) {
    end = endOf(xml, at);
    // Whatever is wrong here, the parser says it.
    if (end < 0) return;
    const next = xml[at + 1];
    if (next === '/') depth -= 1;
    else if (next !== '!' && next !== '?' && xml[end - 1] !== '/') depth += 1;
    if (depth > maximumNesting) {
      throw new DiagramError(tooDeep, xml.slice(0, at).split('\n').length);
    }
  }
}

/** Where the tag, comment or section that begins here ends; -1: nowhere. */
function endOf(xml: string, at: number): number {
  if (xml.startsWith('<!--', at)) return xml.indexOf('-->', at + 4);
  if (xml.startsWith('<![CDATA[', at)) return xml.indexOf(']]>', at);
  for (let i = at + 1; i < xml.length; i += 1) {
    const character = xml[i];
    if (character === '>') return i;
    if (character !== '"' && character !== "'") continue;
    i = xml.indexOf(character, i + 1);
    if (i < 0) return -1;
  }
  return -1;
}

/** @throws Error */
export async function readBounded(path: string): Promise<string> {
  const found = await stat(path);
  if (!found.isFile()) throw new Error('it is not a file');
  if (found.size > 2 * maximumLength) throw new Error(tooLong);
  return readFile(path, 'utf8');
}

/** @throws Error if a form's JSON is more than is read */
export function assertReadableForm(text: string): void {
  if (text.length > maximumLength) throw new Error(tooLong);
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > maximumNesting) throw new Error(tooDeep);
  }
}
