import type { Json, ValueType } from './value-types.ts';

/** An option of a select or radio field. `value` keeps its JSON type; the value of a static option in form-js is a string. */
export interface FieldOption {
  label: string;
  value: string | number | bigint | boolean;
}

/** FEEL expressions, without the leading `=`, that are evaluated while a form is filled in; they see the form's own values. */
export interface ComputedParts {
  readOnly?: string;
  minimum?: string;
  maximum?: string;
  minLength?: string;
  maxLength?: string;
  /** Yields the list of choices. */
  options?: string;
  /** Yields whether several files may be uploaded. */
  multiple?: string;
}

/** Common to all parts of a form. */
interface FormPart {
  /** FEEL expressions, without the leading `=`; the part is hidden while one of them is true. */
  hide?: string[];
}

/** An input field, read from one form-js component. */
export interface FormField extends FormPart {
  kind: 'field';
  /** Where its value is stored: a variable, or a path into one (`client.name`); a number in it is an index of a list. */
  key: string;
  /** A template, see text-template.ts; plain text when shown. */
  label: string;
  /** A template as well. */
  description?: string;
  type: ValueType;
  /** The look, for types that have several. */
  display?: 'multiline' | 'radio' | 'checkboxes';
  required: boolean;
  /** Shown but not editable; its value is submitted unchanged. */
  readOnly?: boolean;
  defaultValue?: Json;
  minimum?: number | bigint;
  maximum?: number | bigint;
  /** For numbers: maximum number of decimal digits. */
  decimalDigits?: number;
  /** For numbers: submitted as text (form-js `serializeToString`). */
  asText?: boolean;
  /** For datetimes: people choose times in steps of so many minutes. Other values may be any time. */
  minuteStep?: number;
  /** For datetimes: submitted in UTC (form-js `utc_normalized`). */
  inUtc?: boolean;
  /** For numbers: the value must be a multiple of this. */
  increment?: number;
  /** For dates and datetimes: nothing before today, or before now. */
  disallowPast?: boolean;
  minLength?: number;
  maxLength?: number;
  /** A regular expression, as written in the form. */
  pattern?: string;
  patternMessage?: string;
  /** For choices with a fixed list. */
  options?: FieldOption[];
  /** For choices whose list is in a process variable: the variable's name (form-js `valuesKey`). */
  optionsFrom?: string;
  /** For files: maximum number; absent: as many as Slack takes. */
  maxFiles?: number;
  /** For files: accepted types, like HTML's `accept`: `.pdf`, `image/png`, `image/*`; absent: any. */
  accept?: string[];
  computed?: ComputedParts;
  /** Whether an expression or a template of the form may read it, so that changes can affect what is shown. */
  isWatched?: boolean;
}

/**
 * Text between the fields (form-js `text`), in Markdown with `{{FEEL}}`, or one FEEL expression after a `=`; see
 * text-template.ts.
 */
export interface FormText extends FormPart {
  kind: 'text';
  text: string;
  /** The text is HTML, which is shown as plain text. */
  isHtml?: boolean;
}

/** A value that the form computes and submits without showing it (form-js' expression field). */
export interface FormFormula extends FormPart {
  kind: 'formula';
  key: string;
  /** FEEL, without the leading `=`. */
  expression: string;
}

/** Repeated parts (form-js' dynamic list). Its value is a list with a context per entry. */
export interface FormList extends FormPart {
  kind: 'list';
  /** Where the list is stored; within another list, relative to an entry of that list. */
  key: string;
  /** The parts of each entry; their keys are relative to the entry. */
  items: FormItem[];
  /** Initial number of entries if the variable is not a list, as far as there is room. */
  repetitions: number;
  /** Entries cannot be added or removed. */
  isFixed?: boolean;
}

export type FormItem = FormField | FormText | FormFormula | FormList;

/** A Camunda Form, limited to what Kickoff can show. */
export interface Form {
  id: string;
  items: FormItem[];
}

/** The fields of a form in order, without those in lists. */
export function fieldsOf({ items }: { items: FormItem[] }): FormField[] {
  return items.filter((item) => item.kind === 'field');
}

/** Whether any of the items has a value to submit. */
export function holdsValue(items: FormItem[]): boolean {
  return items.some((item) => (item.kind === 'list' ? holdsValue(item.items) : item.kind !== 'text'));
}
