import { useId } from 'preact/hooks';
import type { Block } from '../../block-kit/types.ts';
import { Element } from './element.tsx';
import { readableText } from './readable-text.ts';
import { keyOf, useSurface } from './surface.ts';
import { TextObjectView } from './text-object.tsx';

/** A text, fields in two columns, and an element beside them. */
export function SectionBlock({ block }: { block: Block }) {
  const surface = useSurface();
  const id = useId();
  const { accessory } = block;
  const error = surface.errors[block.block_id];
  return (
    <div class={`block-section ${accessory ? 'has-accessory' : ''} ${accessory?.type === 'image' ? 'has-image' : ''}`}>
      <div class="section-text">
        {block.text && <TextObjectView text={block.text} />}
        {block.fields && (
          <div class="section-fields">
            {block.fields.map((field, index) => (
              <div key={`${index} ${field.text}`}>
                <TextObjectView text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory && (
        <div class="section-accessory">
          <Element
            key={keyOf({ block, element: accessory })}
            block={block}
            element={accessory}
            id={id}
            label={readableText(block.text?.text ?? block.fields?.[0]?.text ?? '')}
            invalid={error !== undefined}
          />
        </div>
      )}
    </div>
  );
}
