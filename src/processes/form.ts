import type { Json, ValueType } from './value-types.ts';

/** A choice of a select or radio field. `value` keeps its JSON type; a form-js static option's value is a string. */
export interface FieldOption {
  label: string;
  value: string | number | bigint | boolean;
}

/** FEEL expressions, without the `=` in front, that decide while a form is filled in; they see the form's own values. */
export interface ComputedParts {
  readOnly?: string;
  minimum?: string;
  maximum?: string;
  minLength?: string;
  maxLength?: string;
  /** The list of choices. */
  options?: string;
  /** Whether several files may be uploaded. */
  multiple?: string;
}

/** What every part of a form may have. */
interface FormPart {
  /** FEEL expressions, without the `=` in front: the part is hidden while one of them is true. */
  hide?: string[];
}

/** A field that a person fills in, read from one form-js component. */
export interface FormField extends FormPart {
  kind: 'field';
  /** Where its value goes: a variable, or a path into one (`client.name`); a number in it is an entry of a list. */
  key: string;
  /** A template, see text-template.ts; plain text once it is shown. */
  label: string;
  /** A template as well. */
  description?: string;
  type: ValueType;
  /** How it is shown, where one type has several looks. */
  display?: 'multiline' | 'radio' | 'checkboxes';
  required: boolean;
  /** It is shown, and nobody can change it; its value goes on as it is. */
  readOnly?: boolean;
  defaultValue?: Json;
  minimum?: number | bigint;
  maximum?: number | bigint;
  /** Of a number: how many digits may follow the decimal point. */
  decimalDigits?: number;
  /** Of a number: it goes on as a text (form-js `serializeToString`). */
  asText?: boolean;
  /** Of a datetime: people choose a time in steps of so many minutes. What comes from elsewhere may be any time. */
  minuteStep?: number;
  /** Of a datetime: it goes on in UTC (form-js `utc_normalized`). */
  inUtc?: boolean;
  /** Of a number: it must be a multiple of this. */
  increment?: number;
  /** Of a date or datetime: nothing before today, or before now. */
  disallowPast?: boolean;
  minLength?: number;
  maxLength?: number;
  /** A regular expression, as written in the form. */
  pattern?: string;
  patternMessage?: string;
  /** Of choices from a fixed list. */
  options?: FieldOption[];
  /** Of choices whose list is a process variable: the variable's name (form-js `valuesKey`). */
  optionsFrom?: string;
  /** Of files: how many; absent: as many as Slack takes. */
  maxFiles?: number;
  /** Of files: what is taken, as in HTML's `accept`: `.pdf`, `image/png`, `image/*`; absent: anything. */
  accept?: string[];
  computed?: ComputedParts;
  /** An expression or a template of the form may read it: what is shown can change with it. */
  isWatched?: boolean;
}

/**
 * Words between the fields (form-js `text`), in Markdown with `{{FEEL}}` in it, or one FEEL expression after a `=`:
 * see text-template.ts.
 */
export interface FormText extends FormPart {
  kind: 'text';
  text: string;
  /** It is HTML, which is shown as plain text. */
  isHtml?: boolean;
}

/** A value that the form computes and submits; nobody sees it (form-js' expression field). */
export interface FormFormula extends FormPart {
  kind: 'formula';
  key: string;
  /** FEEL, without the `=` in front. */
  expression: string;
}

/** Parts that repeat (form-js' dynamic list). Its value is a list with a context for each entry. */
export interface FormList extends FormPart {
  kind: 'list';
  /** Where the list goes; within another list, from an entry of that one on. */
  key: string;
  /** What each entry is made of; the keys lead on from the entry. */
  items: FormItem[];
  /** Entries that it starts with where the variable is no list, as far as there is room. */
  repetitions: number;
  /** Nobody adds or removes entries. */
  isFixed?: boolean;
}

export type FormItem = FormField | FormText | FormFormula | FormList;

/** A Camunda Form, as far as Kickoff can show it. */
export interface Form {
  id: string;
  items: FormItem[];
}

/** The fields of a form, in order, without those that repeat. */
export function fieldsOf({ items }: { items: FormItem[] }): FormField[] {
  return items.filter((item) => item.kind === 'field');
}

/** Whether anything among the items has a value to submit. */
export function holdsValue(items: FormItem[]): boolean {
  return items.some((item) => (item.kind === 'list' ? holdsValue(item.items) : item.kind !== 'text'));
}
