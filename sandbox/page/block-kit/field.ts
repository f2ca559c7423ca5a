import type { BlockElement } from '../../block-kit/types.ts';
import type { ElementPath } from './surface.ts';

/** How an element is tied to the label, the hint and the error around it. */
export interface FieldProps extends ElementPath {
  id: string;
  /** Where no label element stands for it. */
  label?: string | undefined;
  describedBy?: string | undefined;
  invalid: boolean;
}

/** The properties that every input has. */
export function fieldAttributes({ id, label, describedBy, invalid, element }: FieldProps) {
  return {
    id,
    'aria-label': label,
    'aria-describedby': describedBy,
    'aria-invalid': invalid ? ('true' as const) : undefined,
    'data-autofocus': focusesOnLoad(element) ? '' : undefined,
  };
}

/** Is the element the one that has the focus at first? */
export function focusesOnLoad(element: BlockElement): boolean {
  return 'focus_on_load' in element && element.focus_on_load === true;
}
