import { stringifyJson } from '../json.ts';
import { createEvaluate, expressionMistake } from './form-expressions.ts';
import type { Json, Variables } from './value-types.ts';

type Part = { text: string } | { expression: string };

const placeholder = /\{\{(.*?)\}\}/gs;

/** Where a value is put in: `isAddress` where it is the address of a Markdown link. */
export interface InsertedAt {
  isAddress: boolean;
}

/**
 * Renders the text of a form-js `text` component, which is Markdown: `{{FEEL}}` is replaced by what `insert` makes of the
 * expression's value over `variables`, and a text that starts with `=` is one expression altogether. Null and what cannot be
 * computed become nothing.
 */
export function renderTextTemplate(
  template: string,
  variables: Variables,
  insert: (text: string, at: InsertedAt) => string,
  evaluate = createEvaluate(),
): string {
  const parts = partsOf(template);
  return parts
    .map((part, at) => {
      if ('text' in part) return part.text;
      const before = parts[at - 1];
      const isAddress = before !== undefined && 'text' in before && before.text.endsWith('](');
      return insert(written(evaluate(part.expression, variables)), { isAddress });
    })
    .join('');
}

/** The expressions of a template. */
export function expressionsIn(template: string): string[] {
  return partsOf(template).flatMap((part) => ('expression' in part ? part.expression : []));
}

/** Why a text cannot be rendered, or undefined: an expression that is no FEEL or calls what does not exist, or form-js' `{{#if}}` and `{{#loop}}`. */
export function textTemplateMistake(template: string): string | undefined {
  for (const part of partsOf(template)) {
    if ('text' in part) continue;
    if (/^[#/]/.test(part.expression.trim())) return `{{${part.expression.trim()}}} is not supported, only expressions`;
    const mistake = expressionMistake(part.expression);
    if (mistake) return mistake;
  }
  return undefined;
}

function partsOf(template: string): Part[] {
  if (template.startsWith('=')) return [{ expression: template.slice(1) }];
  const parts: Part[] = [];
  let end = 0;
  for (const match of template.matchAll(placeholder)) {
    parts.push({ text: template.slice(end, match.index) }, { expression: match[1] ?? '' });
    end = match.index + match[0].length;
  }
  return [...parts, { text: template.slice(end) }];
}

function written(value: Json): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.map(written).join(', ');
  if (typeof value !== 'object') return String(value);
  // A file or an option is known by its name.
  if (value.name !== undefined) return written(value.name);
  if (value.label !== undefined) return written(value.label);
  return stringifyJson(value);
}
