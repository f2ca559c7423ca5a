import { useId } from 'preact/hooks';
import type { Block, BlockElement } from '../../block-kit/types.ts';
import { PlainText } from '../text/mrkdwn.tsx';
import { Element } from './element.tsx';
import { useSurface } from './surface.ts';

/** A labelled field, with its hint and its error. */
export function InputBlock({ block, element }: { block: Block; element: BlockElement }) {
  const surface = useSurface();
  const id = useId();
  const error = surface.errors[block.block_id];
  const isGroup = element.type === 'checkboxes' || element.type === 'radio_buttons';
  const describedBy = [error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(' ') || undefined;
  const text = (
    <>
      <PlainText text={block.label?.text ?? ''} />
      {block.optional && <span class="optional"> (optional)</span>}
    </>
  );
  return (
    <div class={`block-input ${error ? 'has-error' : ''}`}>
      {isGroup ? (
        <div class="field-label" id={`${id}-label`}>
          {text}
        </div>
      ) : (
        <label class="field-label" for={id}>
          {text}
        </label>
      )}
      <Element block={block} element={element} id={id} describedBy={describedBy} invalid={error !== undefined} />
      {error && (
        <div class="field-error" id={`${id}-error`} role="alert">
          {error}
        </div>
      )}
      {block.hint && (
        <div class="field-hint" id={`${id}-hint`}>
          <PlainText text={block.hint.text} />
        </div>
      )}
    </div>
  );
}
