import { tagsOf } from './xml-tags.ts';

/** BPMN lets any markup stand in these, and nothing that runs reads them. */
const proseTag = /^<(?:\w+:)?(?:documentation|text)[\s>]/;

/**
 * The file with the markup in its documentation and annotations replaced by spaces, for the parser takes plain text there
 * only. Everything else stays where it is, so that lines and columns are the file's.
 */
export function withoutProseMarkup(xml: string): string {
  const kept: string[] = [];
  let keptUpTo = 0;
  /** Nesting depth within the outermost prose element; 0: outside. */
  let depth = 0;
  for (const { at, end, kind } of tagsOf(xml)) {
    if (depth === 0) {
      if (kind === 'open' && proseTag.test(xml.slice(at, at + 80))) depth = 1;
      continue;
    }
    if (kind === 'open') depth += 1;
    if (kind === 'close') depth -= 1;
    if (depth === 0 || kind === 'other') continue;
    kept.push(xml.slice(keptUpTo, at), xml.slice(at, end + 1).replace(/[^\n]/g, ' '));
    keptUpTo = end + 1;
  }
  return kept.length === 0 ? xml : kept.join('') + xml.slice(keptUpTo);
}
