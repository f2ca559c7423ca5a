import type { FormItem } from './form.ts';
import { expressionsIn } from './text-template.ts';

/**
 * Marks the fields whose names occur in an expression or a template of the form, so that their values can affect what is shown.
 */
export function watched(items: FormItem[]): FormItem[] {
  const names = new Set(items.flatMap(expressionsOf).flatMap((expression) => expression.match(word) ?? []));
  return marked(items, names);
}

function marked(items: FormItem[], names: Pick<ReadonlySet<string>, 'has'>): FormItem[] {
  return items.map((item) => {
    const name = item.kind === 'text' ? '' : (item.key.split('.').at(-1) ?? '');
    // An expression that reads a list may read each field in it.
    if (item.kind === 'list') return { ...item, items: marked(item.items, names.has(name) ? everything : names) };
    return item.kind === 'field' && names.has(name) ? { ...item, isWatched: true } : item;
  });
}

const everything = { has: () => true };
const word = /[\p{L}_][\p{L}\p{N}_]*/gu;

function expressionsOf(item: FormItem): string[] {
  const { hide = [] } = item;
  if (item.kind === 'text') return [...hide, ...expressionsIn(item.text)];
  if (item.kind === 'formula') return [...hide, item.expression];
  if (item.kind === 'list') return [...hide, ...item.items.flatMap(expressionsOf)];
  const { label, description = '', computed = {} } = item;
  return [...hide, ...expressionsIn(label), ...expressionsIn(description), ...Object.values(computed)];
}
