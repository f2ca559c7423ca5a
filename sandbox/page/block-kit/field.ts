import type { BlockElement } from '../../block-kit/types.ts';
import type { ElementPath } from './surface.ts';

/** Connects an element with the label, the hint and the error around it. */
export interface FieldProps extends ElementPath {
  id: string;
  /** The name of an element without a label element. */
  label?: string | undefined;
  describedBy?: string | undefined;
  invalid: boolean;
}

/** The attributes that all inputs share. */
export function fieldAttributes({ id, label, describedBy, invalid, element }: FieldProps) {
  return {
    id,
    'aria-label': label,
    'aria-describedby': describedBy,
    'aria-invalid': invalid ? ('true' as const) : undefined,
    'data-autofocus': focusesOnLoad(element) ? '' : undefined,
  };
}

/** Whether the element gets the focus when it appears. */
export function focusesOnLoad(element: BlockElement): boolean {
  return 'focus_on_load' in element && element.focus_on_load === true;
}
