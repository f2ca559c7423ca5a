import { useId } from 'preact/hooks';
import type { Block } from '../../block-kit/types.ts';
import type { JsonObject } from '../../json.ts';
import { Mrkdwn, PlainText } from '../text/mrkdwn.tsx';
import { ActionsBlock } from './actions-block.tsx';
import { ContextBlock } from './context-block.tsx';
import { ImageElement } from './image.tsx';
import { InputBlock } from './input-block.tsx';
import { MarkdownBlock } from './markdown-block.tsx';
import { RichText } from './rich-text.tsx';
import { SectionBlock } from './section-block.tsx';
import { VideoBlock } from './video-block.tsx';

/** Shows a block by its type. */
function BlockView({ block }: { block: Block }) {
  switch (block.type) {
    case 'section':
      return <SectionBlock block={block} />;
    case 'actions':
      return <ActionsBlock block={block} />;
    case 'context':
      return <ContextBlock block={block} />;
    case 'header':
      return (
        <h3 class="block-header">
          <PlainText text={block.text?.text ?? ''} />
        </h3>
      );
    case 'divider':
      return <hr class="block-divider" />;
    case 'input':
      return block.element ? <InputBlock block={block} element={block.element} /> : null;
    case 'image':
      return (
        <figure class="block-image">
          {block.title && (
            <figcaption>
              <PlainText text={block.title.text} />
            </figcaption>
          )}
          <ImageElement image={block} large />
        </figure>
      );
    case 'rich_text':
      return <RichText block={block as unknown as JsonObject} />;
    case 'markdown':
      return <MarkdownBlock text={String(block.text ?? '')} />;
    case 'video':
      return <VideoBlock block={block as unknown as JsonObject} />;
    default:
      return block.text ? <Mrkdwn text={block.text.text} /> : null;
  }
}

/** Shows blocks one below the other. An element that keeps its ids and types keeps its entered value. */
export function Blocks({ blocks }: { blocks: Block[] }) {
  const prefix = useId();
  return (
    <div class="blocks">
      {blocks.map((block, index) => (
        <BlockView
          key={`${prefix} ${block.block_id ?? index} ${block.type} ${block.element?.action_id ?? ''} ${block.element?.type ?? ''}`}
          block={block}
        />
      ))}
    </div>
  );
}
