import type { Block, TextObject } from '../../block-kit/types.ts';
import { ImageElement } from './image.tsx';
import { TextObjectView } from './text-object.tsx';

/** Small texts and images. */
export function ContextBlock({ block }: { block: Block }) {
  return (
    <div class="block-context">
      {(block.elements ?? []).map((element, index) => (
        <div class="context-element" key={`${index} ${element.type}`}>
          {element.type === 'image' ? (
            <ImageElement image={element} />
          ) : (
            <TextObjectView text={element as unknown as TextObject} />
          )}
        </div>
      ))}
    </div>
  );
}
