import { randomUUID } from 'node:crypto';
import { parseJson, stringifyJson } from '../../../json.ts';
import type { Json, Variables } from '../../../processes/value-types.ts';

/*
 * A placeholder for a secret counts only where the diagram itself has it: a client's text must not be able to ask for one,
 * whatever FEEL makes of that text. So when a diagram is loaded, its placeholders get a mark that nobody else can know;
 * when they have been evaluated, the mark becomes one of this token alone, kept beside its variables; and whoever fills
 * secrets in looks for that mark.
 */

/** Camunda's two ways to write one: `{{secrets.NAME}}` anywhere in a text, and `secrets.NAME` as the whole text. */
const inBraces = /\{\{\s*secrets\.([\w/-]+)\s*\}\}/g;
const bare = /^\s*secrets\.([\w/-]+)\s*$/g;
const bareLiteral = /"\s*secrets\.([\w/-]+)\s*"/g;

/** In sources only, never in a variable: what is evaluated is sealed before it is kept. */
const sourceMark = newMark();

function newMark(): string {
  return `#${randomUUID()}`;
}

/** Marks the placeholders of an input's source, a text or FEEL; `names` are those of its secrets. */
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

/** Gives evaluated inputs a mark of their own; none where they have no placeholder of the diagram. */
export function seal(variables: Variables): { variables: Variables; mark: string | undefined } {
  const text = stringifyJson(variables);
  if (!text.includes(sourceMark)) return { variables, mark: undefined };
  const mark = newMark();
  return { variables: parseJson(text.replaceAll(sourceMark, mark)) as Variables, mark };
}

/** The text as in the diagram, for people. */
export function withoutSourceMark(text: string): string {
  return text.replaceAll(sourceMark, '');
}

/** The value without a token's mark, for whatever but the connector sees it. */
export function unseal<Value extends Json>(value: Value, mark: string | undefined): Value {
  return mark === undefined ? value : (parseJson(stringifyJson(value).replaceAll(mark, '')) as Value);
}
