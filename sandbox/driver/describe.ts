import type { Block, StateValue, StateValues } from '../block-kit/types.ts';
import { isObject } from '../json.ts';
import { elementsOf, richTextLines, textOf, textsOfBlock } from './readable.ts';

/** Formats a value as it reads in the field. */
export function readableValue(value: StateValue | undefined): string {
  if (!value) return '';
  const { type: _, ...rest } = value;
  const show = (item: unknown): string => {
    if (item === null || item === undefined) return '';
    if (Array.isArray(item)) return item.map(show).join(', ');
    if (!isObject(item)) return String(item);
    if (item.type === 'rich_text') return richTextLines(item).join('\n');
    if (isObject(item.text)) return String(item.text.text);
    return String(item.name ?? JSON.stringify(item));
  };
  return Object.values(rest).map(show).join(', ');
}

/** Describes a surface as text, for the message of a failing test. */
export function describeBlocks(blocks: Block[], values: StateValues, errors: Record<string, string>): string[] {
  return blocks.flatMap((block) => {
    if (block.type === 'divider') return ['---'];
    const lines = block.type === 'input' ? [] : textsOfBlock(block);
    for (const element of elementsOf(block)) {
      const value = readableValue(values[block.block_id]?.[element.action_id]);
      if (element.type === 'button') lines.push(`  [${textOf(element.text)}]`);
      else if (element.type === 'overflow') {
        lines.push(`  (...: ${(element.options ?? []).map((option) => textOf(option.text)).join(' | ')})`);
      } else {
        const label = block.type === 'input' ? textOf(block.label) : textOf(element.placeholder);
        lines.push(`  ${label}${block.optional ? ' (optional)' : ''} <${element.type}>: ${value}`);
      }
    }
    const error = errors[block.block_id];
    return error ? [...lines, `    ! ${error}`] : lines;
  });
}
