import { ButtonElement, OverflowElement } from './button.tsx';
import { DateField } from './date-field.tsx';
import type { FieldProps } from './field.ts';
import { FileField } from './file-field.tsx';
import { ImageElement } from './image.tsx';
import { OptionsField } from './options-field.tsx';
import { SelectField } from './select-field.tsx';
import { TextField } from './text-field.tsx';

/** Shows any element by its type. `label` is its name if it has no other. */
export function Element(props: FieldProps) {
  const { element } = props;
  switch (element.type) {
    case 'button':
    case 'workflow_button':
      return <ButtonElement {...props} />;
    case 'overflow':
      return <OverflowElement {...props} row={props.label ?? ''} />;
    case 'image':
      return <ImageElement image={element} />;
    case 'checkboxes':
    case 'radio_buttons':
      return <OptionsField {...props} />;
    case 'datepicker':
    case 'timepicker':
    case 'datetimepicker':
      return <DateField {...props} />;
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
    case 'rich_text_input':
      return <TextField {...props} />;
    case 'file_input':
      return <FileField {...props} />;
    default:
      if (element.type.endsWith('_select')) return <SelectField {...props} />;
      return <span class="quiet">This page knows no “{element.type}”.</span>;
  }
}
