import { slackifyMarkdown } from '../block-kit/foreign-markup.ts';
import { isNode, lines, type Node, nodesIn, stringIn } from './node.ts';
import { escapedPlainText, plainMarkup, withEmoji } from './plain-markup.ts';
import { richText } from './rich-text.ts';

/** The readable text of blocks, in the form of {@link plainMarkup}. Buttons, menus and other controls have none. */
export function blocksText(blocks: unknown): string {
  return lines(nodesIn(blocks).map(blockText));
}

function blockText(block: Node): string {
  switch (block.type) {
    case 'rich_text':
      return richText(block);
    case 'header':
    case 'section':
      return lines([textObject(block.text), ...nodesIn(block.fields).map(textObject)]);
    case 'context':
      return nodesIn(block.elements)
        .map((element) =>
          element.type === 'image' ? escapedPlainText(stringIn(element.alt_text)) : textObject(element),
        )
        .filter((text) => text !== '')
        .join(' ');
    case 'markdown':
      return markdownText(stringIn(block.text));
    case 'image':
      return textObject(block.title) || escapedPlainText(stringIn(block.alt_text));
    case 'video':
      return lines([textObject(block.title), textObject(block.description)]);
    case 'table':
      return lines((Array.isArray(block.rows) ? block.rows : []).map(rowText));
    default:
      return '';
  }
}

/** slackify-markdown puts invisible characters around its marks. */
function markdownText(markdown: string): string {
  return plainMarkup(slackifyMarkdown(markdown)).replaceAll('\u200b', '').trim();
}

function rowText(cells: unknown): string {
  return nodesIn(cells)
    .map((cell) => (cell.type === 'rich_text' ? richText(cell) : escapedPlainText(stringIn(cell.text))))
    .join(' | ');
}

function textObject(text: unknown): string {
  if (!isNode(text)) return '';
  if (text.type === 'mrkdwn') return plainMarkup(stringIn(text.text));
  return withEmoji(escapedPlainText(stringIn(text.text)));
}
