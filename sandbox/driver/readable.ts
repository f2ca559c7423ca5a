import type { Block, BlockElement, TextObject } from '../block-kit/types.ts';
import { isObject } from '../json.ts';

/** The plain characters of a text object. */
export function textOf(text: TextObject | undefined): string {
  return text?.text ?? '';
}

/** All texts inside a rich text block, joined line by line. */
export function richTextLines(value: unknown): string[] {
  if (!isObject(value) || !Array.isArray(value.elements)) return [];
  const inline = (element: unknown): string => {
    if (!isObject(element)) return '';
    if (Array.isArray(element.elements)) return element.elements.map(inline).join('');
    if (element.type === 'user') return `<@${String(element.user_id)}>`;
    return String(element.text ?? element.url ?? element.name ?? '');
  };
  return value.elements.map(inline);
}

/** The texts of a block itself, fields included, without its buttons and inputs. */
export function textsOfBlock(block: Block): string[] {
  if (block.type === 'rich_text') return richTextLines(block);
  const elements = block.type === 'context' ? (block.elements ?? []) : [];
  const inContext = elements.map((element) => {
    const text: unknown = element.text;
    return typeof text === 'string' ? text : '';
  });
  return [
    typeof block.text === 'string' ? block.text : textOf(block.text),
    ...(block.fields ?? []).map(textOf),
    ...inContext,
    block.type === 'input' ? textOf(block.label) : '',
    block.type === 'input' ? textOf(block.hint) : '',
  ].filter((text) => text !== '');
}

/** The interactive elements of a block. */
export function elementsOf(block: Block): BlockElement[] {
  const inActions = block.type === 'actions' ? (block.elements ?? []) : [];
  return [block.element, block.accessory, ...inActions].filter(
    (element): element is BlockElement => element !== undefined && element.type !== 'image',
  );
}

/** Everything that a person can read in these blocks, one line each, in order. */
export function readableTexts(blocks: Block[]): string[] {
  return blocks.flatMap((block) => [
    ...textsOfBlock(block),
    ...elementsOf(block).flatMap((element) => (element.type === 'button' ? [`[${textOf(element.text)}]`] : [])),
  ]);
}
