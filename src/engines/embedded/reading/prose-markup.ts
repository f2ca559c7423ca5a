import { tagsOf } from './xml-tags.ts';

/** BPMN allows any markup in these elements, which have no effect at run time. */
const proseTag = /^<(?:\w+:)?(?:documentation|text)[\s>]/;

/**
 * Replaces the markup in documentation and annotations by spaces, since the parser accepts only plain text there. Everything
 * else keeps its position, so that line and column numbers stay correct.
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
