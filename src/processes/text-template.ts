import { stringifyJson } from '../json.ts';
import { createEvaluate, expressionMistake } from './form-expressions.ts';
import type { Json, Variables } from './value-types.ts';

type Part = { text: string } | { expression: string } | Block;

/** `{{#if …}}…{{/if}}` or `{{#loop …}}…{{/loop}}` */
interface Block {
  block: 'if' | 'loop';
  expression: string;
  parts: Part[];
}

/** A template whose blocks do not match; the message says which. */
class BlockError extends Error {
  override readonly name = 'BlockError';
}

/** Maximum number of iterations of all loops in a template: Slack shows no more text than that. */
const mostRounds = 1000;

const placeholder = /\{\{(.*?)\}\}/gs;

/** Where a value is inserted; `isAddress`: it is the address of a Markdown link. */
export interface InsertedAt {
  isAddress: boolean;
}

/**
 * Renders the text of a form-js `text` component, which is Markdown. `{{FEEL}}` is replaced by what `insert` makes of the
 * expression's value over `variables`; a text that starts with `=` is a single expression. Null, and what cannot be computed,
 * become nothing. `{{#if FEEL}}…{{/if}}` shows its content if the expression is true, `{{#loop FEEL}}…{{/loop}}` for each item
 * of a list: the item is `this` there, its entries are variables, and `parent` is the surrounding scope.
 */
export function renderTextTemplate(
  template: string,
  variables: Variables,
  insert: (text: string, at: InsertedAt) => string,
  evaluate = createEvaluate(),
): string {
  let roundsLeft = mostRounds;
  const render = (parts: Part[], seen: Variables): string => {
    let rendered = '';
    for (const part of parts) {
      if ('text' in part) {
        rendered += part.text;
        continue;
      }
      const value = evaluate(part.expression, seen);
      if (!('block' in part)) {
        rendered += insert(written(value), { isAddress: rendered.endsWith('](') });
      } else if (part.block === 'if') {
        if (value === true) rendered += render(part.parts, seen);
      } else if (Array.isArray(value)) {
        const items = value.slice(0, roundsLeft);
        roundsLeft -= items.length;
        rendered += items.map((item) => render(part.parts, within(item, seen))).join('');
      }
    }
    return rendered;
  };
  return render(partsOf(template), variables);
}

/** The variables within a loop, at one of its items. */
function within(item: Json, parent: Variables): Variables {
  const entries = typeof item === 'object' && item !== null && !Array.isArray(item) ? item : {};
  return { ...parent, this: item, parent, ...entries, _this_: item, _parent_: parent };
}

/** The expressions of a template. */
export function expressionsIn(template: string): string[] {
  return expressionsOf(partsOf(template));
}

function expressionsOf(parts: Part[]): string[] {
  return parts.flatMap((part) => {
    if ('text' in part) return [];
    return 'block' in part ? [part.expression, ...expressionsOf(part.parts)] : [part.expression];
  });
}

/** Why a text cannot be rendered: an invalid expression, an unknown function, or a broken block; undefined if it can. */
export function textTemplateMistake(template: string): string | undefined {
  try {
    for (const expression of expressionsIn(template)) {
      const mistake = expressionMistake(expression);
      if (mistake) return mistake;
    }
    return undefined;
  } catch (error) {
    if (error instanceof BlockError) return error.message;
    throw error;
  }
}

function partsOf(template: string): Part[] {
  if (template.startsWith('=')) return [{ expression: template.slice(1) }];
  const whole: Part[] = [];
  const open: Block[] = [];
  const put = (part: Part) => (open.at(-1)?.parts ?? whole).push(part);
  let end = 0;
  for (const match of template.matchAll(placeholder)) {
    put({ text: template.slice(end, match.index) });
    end = match.index + match[0].length;
    const inside = match[1] ?? '';
    const [, sign, block = '', expression = ''] = /^\s*([#/])\s*(\w*)\s*(.*?)\s*$/s.exec(inside) ?? [];
    if (sign === undefined) {
      put({ expression: inside });
    } else if (block !== 'if' && block !== 'loop') {
      throw new BlockError(`${match[0]} is not supported, only {{#if}} and {{#loop}}`);
    } else if (sign === '#') {
      const opened: Block = { block, expression, parts: [] };
      put(opened);
      open.push(opened);
      if (open.length > deepestBlocks) throw new BlockError(`more than ${deepestBlocks} blocks are within each other`);
    } else if (open.pop()?.block !== block) {
      throw new BlockError(`${match[0]} closes no {{#${block}}}`);
    }
  }
  put({ text: template.slice(end) });
  const [unclosed] = open;
  if (unclosed) throw new BlockError(`{{#${unclosed.block} ${unclosed.expression}}} is not closed`);
  return whole;
}

const deepestBlocks = 20;

function written(value: Json): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.map(written).join(', ');
  if (typeof value !== 'object') return String(value);
  // A file or an option is shown by its name.
  if (value.name !== undefined) return written(value.name);
  if (value.label !== undefined) return written(value.label);
  return stringifyJson(value);
}
