import type { Block, BlockElement } from '../block-kit/types.ts';
import { elementsOf, textOf, textsOfBlock } from './readable.ts';

/** An element that a person can fill in, choose from or click, with its name on the screen. */
export interface Control {
  /** An input's label, a button's text, the text beside an accessory, or else the placeholder. */
  label: string;
  /** The texts of its row. */
  row: string;
  /** The section or header above it, or the section that it is part of. */
  heading: string;
  block: Block;
  element: BlockElement;
}

function labelOf(block: Block, element: BlockElement): string {
  if (element.type === 'button') return textOf(element.text);
  if (block.type === 'input') return textOf(block.label);
  if (block.type === 'section') return textsOfBlock(block).join('\n');
  return textOf(element.placeholder);
}

/** All controls of a surface, top to bottom. An actions block belongs to the row above it. */
export function controlsOf(blocks: Block[]): Control[] {
  let row: string[] = [];
  let heading = '';
  return blocks.flatMap((block) => {
    if (['divider', 'header', 'section', 'input'].includes(block.type)) row = [];
    row = [...row, ...textsOfBlock(block)];
    if (['header', 'section'].includes(block.type)) heading = row.join('\n');
    const text = row.join('\n');
    return elementsOf(block).map((element) => ({ label: labelOf(block, element), row: text, heading, block, element }));
  });
}

/** Whether the control has a value; buttons and menus have none. */
export function isField(control: Control): boolean {
  return !['button', 'overflow'].includes(control.element.type);
}

/** Finds the only match: by exact label, else by prefix, else by substring. */
export function bestMatch<T>(items: T[], labelOfItem: (item: T) => string, wanted: string): T | undefined {
  const tests = [
    (label: string) => label === wanted,
    (label: string) => label.startsWith(wanted),
    (label: string) => label.includes(wanted),
  ];
  for (const test of tests) {
    const fitting = items.filter((item) => test(labelOfItem(item)));
    if (fitting.length === 1) return fitting[0];
    if (fitting.length > 1) {
      throw new Error(`"${wanted}" is ambiguous: ${fitting.map((item) => `"${labelOfItem(item)}"`).join(', ')}`);
    }
  }
  return undefined;
}
