import { own } from '../own.ts';
import type { FieldOption, FormField } from './form.ts';
import type { Json, Variables } from './value-types.ts';

/** The options of a choice field: its fixed list, or the list in the variable that `optionsFrom` names. */
export function optionsOf(field: FormField, variables: Variables): FieldOption[] {
  if (field.options) return field.options;
  return optionsIn(own(variables, field.optionsFrom ?? '') ?? null);
}

/**
 * The options in a list whose items are, as in form-js, scalars or `{ label, value }`. Other items and repeated values are left
 * out.
 */
export function optionsIn(list: Json): FieldOption[] {
  const options = new Map<FieldOption['value'], FieldOption>();
  for (const item of Array.isArray(list) ? list : []) {
    const option = optionFrom(item);
    if (option && !options.has(option.value)) options.set(option.value, option);
  }
  return [...options.values()];
}

function optionFrom(item: Json): FieldOption | undefined {
  if (isScalar(item)) return { label: String(item), value: item };
  if (item === null || typeof item !== 'object' || Array.isArray(item)) return undefined;
  const { label, value } = item;
  if (value === undefined || !isScalar(value)) return undefined;
  return { label: typeof label === 'string' && label !== '' ? label : String(value), value };
}

function isScalar(value: Json): value is FieldOption['value'] {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}
