import { useId } from 'preact/hooks';
import type { Block } from '../../block-kit/types.ts';
import { Element } from './element.tsx';
import { keyOf } from './surface.ts';

/** Default names for elements that the app gave no name. */
const standardNames: Record<string, string> = {
  datepicker: 'Date',
  timepicker: 'Time',
  datetimepicker: 'Date and time',
  checkboxes: 'Options',
  radio_buttons: 'Options',
  rich_text_input: 'Text',
};

/** Shows buttons, selects and other elements in a row. */
export function ActionsBlock({ block }: { block: Block }) {
  const id = useId();
  return (
    <div class="block-actions">
      {(block.elements ?? []).map((element, index) => (
        <div class="action" key={keyOf({ block, element })}>
          <Element
            block={block}
            element={element}
            id={`${id}-${index}`}
            label={element.placeholder?.text ?? element.text?.text ?? standardNames[element.type]}
            invalid={false}
          />
        </div>
      ))}
    </div>
  );
}
