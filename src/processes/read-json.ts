import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { parseJson } from '../json.ts';

/** Parses JSON text. Throws an Error with the position of the mistake: `line 3, column 8: value expected`. */
export function readJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    const errors: ParseError[] = [];
    parse(text, errors, { disallowComments: true });
    const first = errors[0];
    if (!first) throw new Error('not JSON', { cause });
    const before = text.slice(0, first.offset).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    const what = printParseErrorCode(first.error)
      .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
      .toLowerCase();
    throw new Error(`not JSON: line ${before.length}, column ${column}: ${what}`, { cause });
  }
}
