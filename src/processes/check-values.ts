import { checkDate, checkDatetime } from './check-date.ts';
import { checkFiles } from './check-files.ts';
import { optionsOf } from './field-options.ts';
import type { FormField } from './form.ts';
import type { Json, Variables } from './value-types.ts';

/** A field whose value is not what the form asks for. `message` is a sentence for the person who fills it in. */
export interface ValueMistake {
  key: string;
  message: string;
}

export interface CheckValuesOptions {
  /** Where the lists of choices are that come from a variable (`optionsFrom`). Default none. */
  variables?: Variables;
  /** What "past" is measured against. Default the present. */
  now?: Date;
}

/**
 * Checks every constraint of every field: type, required, limits, pattern, membership of a choice. Absent, null, empty
 * text and an empty list are "no value", which only `required` minds; a required checkbox has to be checked, as in
 * form-js. Values of no field are not looked at. At most one mistake per field, in the fields' order.
 */
export function checkValues(fields: FormField[], values: Variables, options: CheckValuesOptions = {}): ValueMistake[] {
  return fields.flatMap((field) => {
    const value = Object.hasOwn(values, field.key) ? values[field.key] : undefined;
    const message = checkValue(field, value, options);
    return message === undefined ? [] : [{ key: field.key, message }];
  });
}

/** Whether a value counts as not given. */
export function isEmptyValue(value: Json | undefined): value is null | undefined | '' | [] {
  return (
    value === undefined || value === null || (typeof value === 'string' && value.trim() === '') || isEmptyList(value)
  );
}

function isEmptyList(value: Json): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Checks one value; returns the mistake's message. */
export function checkValue(
  field: FormField,
  value: Json | undefined,
  { variables = {}, now = new Date() }: CheckValuesOptions = {},
): string | undefined {
  if (isEmptyValue(value)) return field.required ? 'This is required.' : undefined;
  switch (field.type) {
    case 'boolean':
      if (typeof value !== 'boolean') return 'Must be yes or no.';
      return field.required && !value ? 'This has to be checked.' : undefined;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? checkNumber(field, value) : 'Must be a number.';
    case 'choice':
      return optionsOf(field, variables).some((option) => option.value === value)
        ? undefined
        : 'Must be one of the options.';
    case 'files':
      return checkFiles(field, value);
    default:
      return typeof value === 'string' ? checkString(field, value, now) : 'Must be text.';
  }
}

function checkString(field: FormField, value: string, now: Date): string | undefined {
  switch (field.type) {
    case 'date':
      return checkDate(field, value, now);
    case 'datetime':
      return checkDatetime(field, value, now);
    case 'email':
      if (!emailPattern.test(value)) return 'Must be an e-mail address, like name@example.com.';
      break;
    case 'phone':
      if (!isPhone(value)) return 'Must be a phone number, like +49 30 664040900.';
      break;
    case 'link':
      if (!isLink(value)) return 'Must be a link that starts with https:// or http://.';
      break;
    case 'user':
      if (!/^[UW][A-Z0-9]{2,}$/.test(value)) return 'Must be a person in Slack.';
      break;
  }
  return checkText(field, value);
}

// One @, a host with a dot, no spaces: anything stricter refuses addresses that exist.
const emailPattern = /^[^\s@<>"(),:;]+@[^\s@<>"(),:;]+\.[^\s@<>"(),:;.]{2,}$/u;

/** Digits as people write them, with or without a country code; E.164 has at most 15, a local number at least 3. */
function isPhone(value: string): boolean {
  const digits = value.replace(/\D/g, '').length;
  return /^\+?[\d\s().\-/]+(?:(?:x|ext\.?)\s*\d{1,6})?$/i.test(value.trim()) && digits >= 3 && digits <= 21;
}

function isLink(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value) && !/\s/.test(value);
}

function checkText(field: FormField, value: string): string | undefined {
  // form-js measures without the space around, in UTF-16 units, as Slack's own counter does.
  const { length } = value.trim();
  if (field.minLength !== undefined && length < field.minLength)
    return `Must have at least ${characters(field.minLength)}.`;
  if (field.maxLength !== undefined && length > field.maxLength)
    return `Must have at most ${characters(field.maxLength)}.`;
  if (field.pattern !== undefined && !new RegExp(field.pattern).test(value)) {
    return field.patternMessage ?? `Must match the pattern ${field.pattern}`;
  }
  return undefined;
}

function characters(count: number): string {
  return count === 1 ? '1 character' : `${count} characters`;
}

function checkNumber(field: FormField, value: number): string | undefined {
  if (field.minimum !== undefined && value < field.minimum) return `Must be ${field.minimum} or more.`;
  if (field.maximum !== undefined && value > field.maximum) return `Must be ${field.maximum} or less.`;
  if (field.decimalDigits !== undefined && !isMultipleOf(value, 10 ** -field.decimalDigits)) {
    return field.decimalDigits === 0
      ? 'Must be a whole number.'
      : `Must have at most ${field.decimalDigits} digits after the decimal point.`;
  }
  if (field.increment !== undefined && !isMultipleOf(value, field.increment)) {
    return `Must be a multiple of ${field.increment}.`;
  }
  return undefined;
}

/** 0.3 is a multiple of 0.1, whatever binary fractions make of it. */
function isMultipleOf(value: number, step: number): boolean {
  const quotient = value / step;
  return Math.abs(quotient - Math.round(quotient)) <= 1e-9 * Math.max(1, Math.abs(quotient));
}
