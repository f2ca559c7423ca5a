import { parseNumber } from '../json.ts';
import { matchesField } from '../patterns.ts';
import { type Message, message } from '../words/message.ts';
import { checkDate, checkDatetime } from './check-date.ts';
import { checkFiles, fitFiles } from './check-files.ts';
import { optionsOf } from './field-options.ts';
import type { FormField } from './form.ts';
import { valueAt } from './form-path.ts';
import type { Json, Variables } from './value-types.ts';

/** A field whose value violates the form's constraints. `message` is for the person who fills it in. */
export interface ValueMistake {
  key: string;
  message: Message;
}

export interface CheckValuesOptions {
  /** Variables that hold lists of choices (`optionsFrom`); none by default. */
  variables?: Variables;
  /** The time that "past" is measured against; by default the current time. */
  now?: Date;
}

/**
 * Checks every constraint of every field: type, required, limits, pattern, membership of a choice. Absent, null, empty text and
 * an empty list mean "no value", which only `required` rejects; a required checkbox must be checked, as in form-js. Values
 * without a field are ignored. Returns at most one mistake per field, in the fields' order.
 */
export function checkValues(fields: FormField[], values: Variables, options: CheckValuesOptions = {}): ValueMistake[] {
  return fields.flatMap((field) => {
    const mistake = checkValue(field, valueAt(values, field.key), options);
    return mistake === undefined ? [] : [{ key: field.key, message: mistake }];
  });
}

/** The initial value of a field: the variable's if it has the field's type, else the default. */
export function initialValue(field: FormField, variables: Variables): Json | undefined {
  // Limits are for the person to meet; the element only has to be able to show the value.
  const { minLength, maxLength, pattern, minimum, maximum, disallowPast, increment, ...loose } = field;
  return [givenValue(field, variables), field.defaultValue]
    .map((value) => takenBy(field, value, variables))
    .find((value) => !isEmptyValue(value) && !checkValue({ ...loose, required: false }, value, { variables }));
}

/** Like form-js, leaves out values that are not (or no longer) options; also files that the field does not accept. */
function takenBy(field: FormField, value: Json | undefined, variables: Variables): Json | undefined {
  if (field.type === 'files') {
    const { fitting, leftOut } = fitFiles(field, value);
    return leftOut.length > 0 ? fitting : value;
  }
  if (field.type !== 'choices' || !Array.isArray(value)) return value;
  const options = new Set(optionsOf(field, variables).map((option): Json => option.value));
  return value.filter((one) => options.has(one));
}

function givenValue({ key, asText }: FormField, variables: Variables): Json | undefined {
  const value = valueAt(variables, key);
  return asText && typeof value === 'string' && Number.isFinite(Number(value)) ? parseNumber(value) : value;
}

/** Whether a value counts as absent. */
export function isEmptyValue(value: Json | undefined): value is null | undefined | '' | [] {
  return (
    value === undefined || value === null || (typeof value === 'string' && value.trim() === '') || isEmptyList(value)
  );
}

function isEmptyList(value: Json): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Checks one value; returns the mistake, if there is one. */
export function checkValue(
  field: FormField,
  value: Json | undefined,
  { variables = {}, now = new Date() }: CheckValuesOptions = {},
): Message | undefined {
  if (isEmptyValue(value)) return field.required ? message('mistake.required') : undefined;
  switch (field.type) {
    case 'boolean':
      if (typeof value !== 'boolean') return message('mistake.boolean');
      return field.required && !value ? message('mistake.unchecked') : undefined;
    case 'number':
      return typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))
        ? checkNumber(field, value)
        : message('mistake.number');
    case 'choice':
      return optionsOf(field, variables).some((option) => option.value === value)
        ? undefined
        : message('mistake.choice');
    case 'choices': {
      const chosen = new Set(optionsOf(field, variables).map((option): Json => option.value));
      const isList = Array.isArray(value) && value.every((one) => chosen.has(one));
      return isList ? undefined : message('mistake.choices');
    }
    case 'files':
      return checkFiles(field, value);
    default:
      return typeof value === 'string' ? checkString(field, value, now) : message('mistake.text');
  }
}

function checkString(field: FormField, value: string, now: Date): Message | undefined {
  switch (field.type) {
    case 'date':
      return checkDate(field, value, now);
    case 'datetime':
      return checkDatetime(field, value, now);
    case 'email':
      if (!emailPattern.test(value)) return message('mistake.email');
      break;
    case 'phone':
      if (!isPhone(value)) return message('mistake.phone');
      break;
    case 'link':
      if (!isLink(value)) return message('mistake.link');
      break;
    case 'user':
      if (!/^[UW][A-Z0-9]{2,}$/.test(value)) return message('mistake.user');
      break;
  }
  return checkText(field, value);
}

// One @, a host with a dot, no spaces: stricter patterns reject addresses that exist.
const emailPattern = /^[^\s@<>"(),:;]+@[^\s@<>"(),:;]+\.[^\s@<>"(),:;.]{2,}$/u;

/** Digits as people write them, with or without a country code; E.164 has at most 15, a local number at least 3. */
function isPhone(value: string): boolean {
  const digits = value.replace(/\D/g, '').length;
  return /^\+?[\d\s().\-/]+(?:(?:x|ext\.?)\s*\d{1,6})?$/i.test(value.trim()) && digits >= 3 && digits <= 21;
}

function isLink(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value) && !/\s/.test(value);
}

function checkText(field: FormField, value: string): Message | undefined {
  // form-js counts UTF-16 units without surrounding space, like Slack's own counter.
  const { length } = value.trim();
  if (field.minLength !== undefined && length < field.minLength)
    return message('mistake.tooShort', { count: field.minLength });
  if (field.maxLength !== undefined && length > field.maxLength)
    return message('mistake.tooLong', { count: field.maxLength });
  if (field.pattern !== undefined && !matchesField(field.pattern, value)) {
    const { pattern, patternMessage } = field;
    return patternMessage ? message('asIs', { text: patternMessage }) : message('mistake.pattern', { pattern });
  }
  return undefined;
}

function checkNumber(field: FormField, value: number | bigint): Message | undefined {
  if (field.minimum !== undefined && value < field.minimum)
    return message('mistake.tooSmall', { minimum: field.minimum });
  if (field.maximum !== undefined && value > field.maximum)
    return message('mistake.tooLarge', { maximum: field.maximum });
  if (field.decimalDigits !== undefined && !isMultipleOf(value, 10 ** -field.decimalDigits)) {
    return field.decimalDigits === 0
      ? message('mistake.whole')
      : message('mistake.tooManyDigits', { count: field.decimalDigits });
  }
  if (field.increment !== undefined && !isMultipleOf(value, field.increment)) {
    return message('mistake.increment', { increment: field.increment });
  }
  return undefined;
}

/** Exact for decimals: 0.3 is a multiple of 0.1 despite binary fractions. */
function isMultipleOf(value: number | bigint, step: number): boolean {
  if (typeof value === 'bigint') {
    const scale = 10 ** decimalsOf(step);
    return (value * BigInt(scale)) % BigInt(Math.round(step * scale)) === 0n;
  }
  const quotient = value / step;
  // Value, step and quotient are each rounded to a binary fraction.
  return Math.abs(quotient - Math.round(quotient)) <= 4 * Number.EPSILON * Math.abs(quotient);
}

/** The number of digits after the decimal point; also for a number that is written with an exponent, such as 1e-7. */
function decimalsOf(number: number): number {
  const [digits = '', exponent = '0'] = String(number).split('e');
  return Math.max(0, (digits.split('.')[1]?.length ?? 0) - Number(exponent));
}
