/** Of DejaVu Sans, in ems: near enough to break lines, without reading the font for it. */
function widthOf(character: string): number {
  if (/[iljI.,:;'|!]/.test(character)) return 0.33;
  if (/[ft r()\-/]/.test(character)) return 0.4;
  if (/[mwMW@ЖШЩЮФМжшщюфм]/.test(character)) return 0.92;
  if (/[A-ZА-Я]/.test(character)) return 0.7;
  return 0.61;
}

export function textWidth(text: string, size: number): number {
  return [...text].reduce((sum, character) => sum + widthOf(character), 0) * size;
}

/** Lines of at most `width`, at most `most` of them; what has no room ends in an ellipsis. */
export function wrapText(text: string, { width, size, most }: { width: number; size: number; most: number }): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    const last = lines.at(-1);
    const joined = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && textWidth(joined, size) <= width) lines[lines.length - 1] = joined;
    else lines.push(...breakWord(word, width, size));
  }
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), `${lines[most - 1]}…`];
}

/** A word that is wider than the line goes on in the next. */
function breakWord(word: string, width: number, size: number): string[] {
  const parts = [''];
  for (const character of word) {
    const part = parts.at(-1) ?? '';
    if (part !== '' && textWidth(part + character, size) > width) parts.push(character);
    else parts[parts.length - 1] = part + character;
  }
  return parts;
}
