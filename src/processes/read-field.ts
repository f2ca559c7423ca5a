import { parseNumber, stringifyJson } from '../json.ts';
import { compileFieldPattern, PatternError } from '../patterns.ts';
import type { FieldOption, FormField } from './form.ts';
import type { Component } from './form-schema.ts';
import type { Json, ValueType } from './value-types.ts';

/** The form-js component types that take input and that Kickoff can show. */
export const fieldTypes = [
  'textfield',
  'textarea',
  'number',
  'checkbox',
  'datetime',
  'select',
  'radio',
  'filepicker',
] as const;
export type FieldType = (typeof fieldTypes)[number];

/**
 * One input component → one field. `key` is checked already. Throws an Error whose message says what about the
 * component cannot be honoured; a constraint is never dropped.
 */
export function readField(component: Component, fieldType: FieldType, key: string): FormField {
  const { validate } = component;
  const type = valueTypeOf(component, fieldType);
  const label = component.label || component.dateLabel || component.dateTimeLabel || key;
  return {
    kind: 'field',
    key,
    label,
    ...present({ description: component.description || undefined }),
    type,
    ...present({ display: displayOf(fieldType) }),
    required: validate.required ?? false,
    ...present({ defaultValue: defaultOf(component, type) }),
    ...constraintsOf(component, type),
    ...(type === 'choice' ? choicesOf(component) : {}),
    ...(type === 'files' ? filesOf(component) : {}),
  };
}

function valueTypeOf(component: Component, fieldType: FieldType): ValueType {
  switch (fieldType) {
    case 'textfield':
    case 'textarea': {
      const { validationType } = component.validate;
      const custom = component.properties.type;
      if (custom === 'link' || custom === 'user') return custom;
      if (custom !== undefined && custom !== 'text') {
        throw new Error(`the custom property type is ${stringifyJson(custom)}; it may be link or user`);
      }
      return validationType === 'email' || validationType === 'phone' ? validationType : 'text';
    }
    case 'number':
      if (component.serializeToString) throw new Error('serializeToString is not supported: a number stays a number');
      return 'number';
    case 'checkbox':
      return 'boolean';
    case 'datetime':
      return datetimeTypeOf(component);
    case 'select':
    case 'radio':
      return 'choice';
    case 'filepicker':
      return 'files';
  }
}

/** Minutes between the times that form-js offers where the form does not say; Slack's picker takes any. */
const usualTimeInterval = 15;

function datetimeTypeOf({ subtype = 'date', timeInterval, timeSerializingFormat }: Component): ValueType {
  if (subtype !== 'date' && subtype !== 'datetime') {
    throw new Error(`the subtype ${subtype} is not supported, only date and datetime`);
  }
  if (subtype === 'date') return subtype;
  if (timeInterval !== undefined && timeInterval !== usualTimeInterval) {
    throw new Error(`timeInterval ${timeInterval} is not supported: Slack lets people choose any minute`);
  }
  if (timeSerializingFormat && timeSerializingFormat !== 'utc_offset') {
    throw new Error(`timeSerializingFormat ${timeSerializingFormat} is not supported, only utc_offset`);
  }
  return subtype;
}

function displayOf(fieldType: FieldType): FormField['display'] {
  if (fieldType === 'textarea') return 'multiline';
  return fieldType === 'radio' ? 'radio' : undefined;
}

function defaultOf({ defaultValue }: Component, type: ValueType): Json | undefined {
  if (defaultValue === undefined || defaultValue === null || defaultValue === '') return undefined;
  const expected = type === 'number' || type === 'boolean' ? type : 'string';
  if (type === 'number' && typeof defaultValue === 'string' && Number.isFinite(Number(defaultValue))) {
    return parseNumber(defaultValue);
  }
  if (type === 'number' && typeof defaultValue === 'bigint') return defaultValue;
  const fits = type === 'choice' ? typeof defaultValue !== 'object' : typeof defaultValue === expected;
  if (!fits) throw new Error(`the default value ${stringifyJson(defaultValue)} does not fit the type ${type}`);
  return defaultValue;
}

function constraintsOf({ validate, ...component }: Component, type: ValueType): Partial<FormField> {
  if (type === 'number') {
    assertOrder('validate.min', validate.min, 'validate.max', validate.max);
    return present({
      minimum: validate.min,
      maximum: validate.max,
      decimalDigits: component.decimalDigits,
      increment: component.increment || undefined,
    });
  }
  if (type === 'date' || type === 'datetime')
    return present({ disallowPast: component.disallowPassedDates || undefined });
  if (type === 'boolean' || type === 'choice' || type === 'files') return {};
  if (validate.pattern) assertPattern(validate.pattern);
  assertLength('validate.minLength', validate.minLength, 0);
  assertLength('validate.maxLength', validate.maxLength, 1);
  assertOrder('validate.minLength', validate.minLength, 'validate.maxLength', validate.maxLength);
  return present({
    minLength: validate.minLength,
    maxLength: validate.maxLength,
    pattern: validate.pattern || undefined,
    patternMessage: validate.patternErrorMessage || undefined,
  });
}

type Limit = number | bigint | undefined;

function assertOrder(lower: string, from: Limit, upper: string, to: Limit): void {
  if (from !== undefined && to !== undefined && from > to) throw new Error(`${lower} is greater than ${upper}`);
}

function assertLength(name: string, length: number | undefined, least: number): void {
  if (length === undefined) return;
  if (name === 'validate.minLength' && length > 3000)
    throw new Error('validate.minLength is more than Slack takes (3000)');
  if (!Number.isInteger(length) || length < least) throw new Error(`${name} must be a whole number from ${least}`);
}

function assertPattern(pattern: string): void {
  try {
    compileFieldPattern(pattern);
  } catch (cause) {
    if (!(cause instanceof PatternError)) throw cause;
    throw new Error(`validate.pattern ${pattern} cannot be checked: ${cause.message}`, { cause });
  }
}

function choicesOf({ values, valuesKey, valuesExpression }: Component): Partial<FormField> {
  if (valuesExpression) throw new Error('valuesExpression is not supported: list the values, or name a variable');
  if (valuesKey) {
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(valuesKey))
      throw new Error(`valuesKey ${valuesKey} is not a variable's name`);
    return { optionsFrom: valuesKey };
  }
  const options = (values ?? []).map(({ label, value }): FieldOption => ({ label: label || String(value), value }));
  if (options.length === 0) throw new Error('it has no values to choose from');
  const seen = new Set<FieldOption['value']>();
  for (const { value } of options) {
    if (seen.has(value)) throw new Error(`the value ${stringifyJson(value)} is listed twice`);
    seen.add(value);
  }
  return { options };
}

function filesOf({ multiple, accept }: Component): Partial<FormField> {
  if (accept?.startsWith('=')) throw new Error('accept is an expression; only a fixed list is supported');
  const types = (accept ?? '')
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .filter((item) => item !== '');
  return { ...(multiple ? {} : { maxFiles: 1 }), ...(types.length > 0 ? { accept: types } : {}) };
}

/** The object without the members that are undefined. */
function present<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
