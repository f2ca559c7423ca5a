import type { Json, ValueType } from './value-types.ts';

/** A choice of a select or radio field. `value` keeps its JSON type; a form-js static option's value is a string. */
export interface FieldOption {
  label: string;
  value: string | number | bigint | boolean;
}

/** A field that a person fills in, read from one form-js component. */
export interface FormField {
  kind: 'field';
  key: string;
  label: string;
  description?: string;
  type: ValueType;
  /** How it is shown, where one type has several looks. */
  display?: 'multiline' | 'radio';
  required: boolean;
  defaultValue?: Json;
  minimum?: number | bigint;
  maximum?: number | bigint;
  /** Of a number: how many digits may follow the decimal point. */
  decimalDigits?: number;
  /** Of a number: it must be a multiple of this. */
  increment?: number;
  /** Of a date or datetime: nothing before today, or before now. */
  disallowPast?: boolean;
  minLength?: number;
  maxLength?: number;
  /** A regular expression, as written in the form. */
  pattern?: string;
  patternMessage?: string;
  /** Of a choice with a fixed list. */
  options?: FieldOption[];
  /** Of a choice whose list is a process variable: the variable's name (form-js `valuesKey`). */
  optionsFrom?: string;
  /** Of files: how many; absent: as many as Slack takes. */
  maxFiles?: number;
  /** Of files: what is taken, as in HTML's `accept`: `.pdf`, `image/png`, `image/*`; absent: anything. */
  accept?: string[];
}

/**
 * Words between the fields (form-js `text`), in Markdown with `{{FEEL}}` in it, or one FEEL expression after a `=`:
 * see text-template.ts.
 */
export interface FormText {
  kind: 'text';
  text: string;
}

/** A Camunda Form, as far as Kickoff can show it. */
export interface Form {
  id: string;
  items: (FormField | FormText)[];
}

/** The fields of a form, in order. */
export function fieldsOf(form: Form): FormField[] {
  return form.items.filter((item) => item.kind === 'field');
}
