import { parseNumber, stringifyJson } from '../json.ts';
import { compileFieldPattern, PatternError } from '../patterns.ts';
import type { ComputedParts, FieldOption, FormField } from './form.ts';
import { expressionIn, expressionMistake } from './form-expressions.ts';
import type { Component } from './form-schema.ts';
import { textTemplateMistake } from './text-template.ts';
import type { Json, ValueType } from './value-types.ts';

/** The form-js component types for input that Kickoff supports. */
export const fieldTypes = [
  'textfield',
  'textarea',
  'number',
  'checkbox',
  'datetime',
  'select',
  'radio',
  'checklist',
  'taglist',
  'filepicker',
] as const;
export type FieldType = (typeof fieldTypes)[number];

/**
 * Converts an input component to a field. `key` is checked already. Throws an Error that says which part of the component is
 * not supported; constraints are never dropped.
 */
export function readField(component: Component, fieldType: FieldType, key: string): FormField {
  const { validate } = component;
  const type = valueTypeOf(component, fieldType);
  const label = component.label || component.dateLabel || component.dateTimeLabel || key;
  for (const template of [label, component.description ?? '']) {
    const mistake = textTemplateMistake(template);
    if (mistake) throw new Error(mistake);
  }
  return {
    kind: 'field',
    key,
    label,
    ...present({ description: component.description || undefined }),
    type,
    ...present({ display: displayOf(fieldType) }),
    required: validate.required ?? false,
    ...(component.readonly === true && { readOnly: true }),
    ...present({ defaultValue: defaultOf(component, type) }),
    ...constraintsOf(component, type),
    ...(isChosen(type) ? choicesOf(component) : {}),
    ...(type === 'files' ? filesOf(component) : {}),
    ...computedOf(component, type),
  };
}

/** The expressions that decide parts of it. */
function computedOf(
  { readonly, multiple, values, valuesKey, valuesExpression, validate }: Component,
  type: ValueType,
): Partial<FormField> {
  const isText = ['text', 'email', 'phone', 'link', 'user'].includes(type);
  const parts: Record<keyof ComputedParts, unknown> = {
    readOnly: readonly,
    minimum: type === 'number' && validate.min,
    maximum: type === 'number' && validate.max,
    minLength: isText && validate.minLength,
    maxLength: isText && validate.maxLength,
    options: isChosen(type) && !valuesKey && !values && valuesExpression,
    multiple: type === 'files' && multiple,
  };
  const computed = Object.entries(parts).flatMap(([part, value]) => {
    const expression = typeof value === 'string' ? expressionIn(value) : undefined;
    if (expression === undefined) return [];
    const mistake = expressionMistake(expression);
    if (mistake) throw new Error(`${part}: ${mistake}`);
    return [[part, expression]];
  });
  return computed.length > 0 ? { computed: Object.fromEntries(computed) } : {};
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
      return 'number';
    case 'checkbox':
      return 'boolean';
    case 'datetime':
      return datetimeTypeOf(component);
    case 'select':
    case 'radio':
      return 'choice';
    case 'checklist':
    case 'taglist':
      return 'choices';
    case 'filepicker':
      return 'files';
  }
}

/** Whether values of the type are chosen from options. */
export function isChosen(type: ValueType): type is 'choice' | 'choices' {
  return type === 'choice' || type === 'choices';
}

/** The default interval of form-js in minutes; with it, Slack's picker takes any time. */
const usualTimeInterval = 15;

function datetimeTypeOf({ subtype = 'date', timeInterval, timeSerializingFormat }: Component): ValueType {
  if (subtype !== 'date' && subtype !== 'datetime') {
    throw new Error(`the subtype ${subtype} is not supported, only date and datetime`);
  }
  if (subtype === 'date') return subtype;
  if (timeInterval !== undefined && !(Number.isInteger(timeInterval) && timeInterval > 0)) {
    throw new Error('timeInterval must be a whole number of minutes');
  }
  if (timeSerializingFormat === 'no_timezone') {
    throw new Error('timeSerializingFormat no_timezone is not supported: whose time it is would be lost');
  }
  return subtype;
}

function displayOf(fieldType: FieldType): FormField['display'] {
  if (fieldType === 'textarea') return 'multiline';
  if (fieldType === 'checklist') return 'checkboxes';
  return fieldType === 'radio' ? 'radio' : undefined;
}

function defaultOf({ defaultValue }: Component, type: ValueType): Json | undefined {
  if (defaultValue === undefined || defaultValue === null || defaultValue === '') return undefined;
  const expected = type === 'number' || type === 'boolean' ? type : 'string';
  if (type === 'number' && typeof defaultValue === 'string' && Number.isFinite(Number(defaultValue))) {
    return parseNumber(defaultValue);
  }
  if (type === 'number' && typeof defaultValue === 'bigint') return defaultValue;
  if (type === 'choices') {
    if (Array.isArray(defaultValue)) return defaultValue;
    throw new Error(`the default value ${stringifyJson(defaultValue)} is not a list`);
  }
  const fits = type === 'choice' ? typeof defaultValue !== 'object' : typeof defaultValue === expected;
  if (!fits) throw new Error(`the default value ${stringifyJson(defaultValue)} does not fit the type ${type}`);
  return defaultValue;
}

function constraintsOf({ validate, ...component }: Component, type: ValueType): Partial<FormField> {
  if (type === 'number') {
    const [minimum, maximum] = [fixed(validate.min), fixed(validate.max)];
    assertOrder('validate.min', minimum, 'validate.max', maximum);
    return present({
      minimum,
      maximum,
      asText: component.serializeToString || undefined,
      decimalDigits: component.decimalDigits,
      increment: component.increment || undefined,
    });
  }
  if (type === 'date' || type === 'datetime') {
    const { timeInterval } = component;
    return present({
      disallowPast: component.disallowPassedDates || undefined,
      minuteStep: type === 'datetime' && timeInterval !== usualTimeInterval ? timeInterval : undefined,
      inUtc: (type === 'datetime' && component.timeSerializingFormat === 'utc_normalized') || undefined,
    });
  }
  if (type === 'boolean' || isChosen(type) || type === 'files') return {};
  if (validate.pattern) assertPattern(validate.pattern);
  const [minLength, maxLength] = [fixed(validate.minLength), fixed(validate.maxLength)];
  assertLength('validate.minLength', minLength, 0);
  assertLength('validate.maxLength', maxLength, 1);
  assertOrder('validate.minLength', minLength, 'validate.maxLength', maxLength);
  return present({
    minLength,
    maxLength,
    pattern: validate.pattern || undefined,
    patternMessage: validate.patternErrorMessage || undefined,
  });
}

/** A limit that is not an expression. */
function fixed<T>(limit: T | string): T | undefined {
  return typeof limit === 'string' ? undefined : limit;
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
  // In the order in which form-js looks for them.
  if (valuesKey) return { optionsFrom: valuesKey };
  if (valuesExpression && !values) {
    if (expressionIn(valuesExpression) === undefined) throw new Error('valuesExpression is not an expression');
    return {};
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
  return { ...(multiple === true ? {} : { maxFiles: 1 }), ...(types.length > 0 ? { accept: types } : {}) };
}

/** The object without undefined members. */
function present<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
