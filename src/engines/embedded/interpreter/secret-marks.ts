import { randomUUID } from 'node:crypto';
import { parseJson, stringifyJson } from '../../../json.ts';
import type { Json, Variables } from '../../../processes/value-types.ts';

/**
 * Only placeholders written in the diagram itself may be filled with secrets: a client's text must not be able to request one,
 * whatever FEEL makes of that text. So, before an input is evaluated, its placeholders get a mark that nobody else can know.
 * After evaluation, that mark is replaced by one for this token only, stored beside its variables. Secrets are filled in only
 * where that mark is.
 */

/** Camunda's two notations: `{{secrets.NAME}}` anywhere in a text, and `secrets.NAME` as the whole text. */
const inBraces = /\{\{\s*secrets\.([\w/-]+)\s*\}\}/g;
const bare = /^\s*secrets\.([\w/-]+)\s*$/g;
const bareLiteral = /"\s*secrets\.([\w/-]+)\s*"/g;

/** Another one in each process, and never stored: a model has the text without it, and evaluated values are sealed first. */
const sourceMark = newMark();

function newMark(): string {
  return `#${randomUUID()}`;
}

/** Marks the placeholders in an input's source (static text or FEEL), and returns the names of the secrets. */
export function markSecrets(source: string): { source: string; names: string[] } {
  const names: string[] = [];
  const marked = (name: string) => {
    names.push(name);
    return `{{secrets.${name}${sourceMark}}}`;
  };
  const text = source.replace(inBraces, (_, name: string) => marked(name));
  return {
    source: source.startsWith('=')
      ? text.replace(bareLiteral, (_, name: string) => `"${marked(name)}"`)
      : text.replace(bare, (_, name: string) => marked(name)),
    names,
  };
}

/** Replaces the source mark in evaluated inputs by a new mark; undefined if they contain no placeholder of the diagram. */
export function seal(variables: Variables): { variables: Variables; mark: string | undefined } {
  const text = stringifyJson(variables);
  if (!text.includes(sourceMark)) return { variables, mark: undefined };
  const mark = newMark();
  return { variables: parseJson(text.replaceAll(sourceMark, mark)) as Variables, mark };
}

/** The text without the mark, for people. */
export function withoutSourceMark(text: string): string {
  return text.replaceAll(sourceMark, '');
}

/** The value without a token's mark, for everything but the connector. */
export function unseal<Value extends Json>(value: Value, mark: string | undefined): Value {
  return mark === undefined ? value : (parseJson(stringifyJson(value).replaceAll(mark, '')) as Value);
}
