import type { FormItem } from './form.ts';
import { expressionsIn } from './text-template.ts';

/** Marks the fields whose names an expression or a template of the form has: what is shown can change with their values. */
export function watched(items: FormItem[]): FormItem[] {
  const names = new Set(items.flatMap(expressionsOf).flatMap((expression) => expression.match(word) ?? []));
  return items.map((item) =>
    item.kind === 'field' && names.has(item.key.split('.').at(-1) ?? '') ? { ...item, isWatched: true } : item,
  );
}

const word = /[\p{L}_][\p{L}\p{N}_]*/gu;

function expressionsOf(item: FormItem): string[] {
  const { hide = [] } = item;
  if (item.kind === 'text') return [...hide, ...expressionsIn(item.text)];
  if (item.kind === 'formula') return [...hide, item.expression];
  const { label, description = '', computed = {} } = item;
  return [...hide, ...expressionsIn(label), ...expressionsIn(description), ...Object.values(computed)];
}
