interface Tag {
  /** Index of its `<` and its `>`. */
  at: number;
  end: number;
  /** `other`: a comment, CDATA section or declaration. */
  kind: 'open' | 'close' | 'empty' | 'other';
}

/** Iterates over the tags; ends early at an unclosed tag, which the parser reports. */
export function* tagsOf(xml: string): Generator<Tag> {
  let end = 0;
  for (let at = xml.indexOf('<'); at >= 0; at = xml.indexOf('<', end)) {
    end = endOf(xml, at);
    if (end < 0) return;
    const next = xml[at + 1];
    if (next === '/') yield { at, end, kind: 'close' };
    else if (next === '!' || next === '?') yield { at, end, kind: 'other' };
    else yield { at, end, kind: xml[end - 1] === '/' ? 'empty' : 'open' };
  }
}

/** End of the tag, comment or section that begins here; -1 if there is none. */
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
