import { isDeepStrictEqual } from 'node:util';
import type { Message } from '../words/message.ts';
import { fitFiles } from './check-files.ts';
import { initialValue } from './check-values.ts';
import { optionsIn, optionsOf } from './field-options.ts';
import type { Form, FormField, FormItem, FormText } from './form.ts';
import { createEvaluate, type Evaluate } from './form-expressions.ts';
import { nestValues, valueAt } from './form-path.ts';
import { isChosen } from './read-field.ts';
import { renderTextTemplate } from './text-template.ts';
import type { Json, Variables } from './value-types.ts';

export interface ShowFormOptions {
  /** The variables that the form is opened with. */
  variables?: Variables;
  /** What a person entered in a field, whose choices are known; undefined: the field was not shown to them yet. */
  entered?(field: FormField): Json | undefined;
  /** Default the present. */
  now?: Date;
}

/** Words with what their expressions see. */
export interface ShownText extends FormText {
  variables: Variables;
}

/** A field as a person meets it: nothing in it is to be computed any more, and all its choices are listed. */
export interface ShownField extends FormField {
  /** Entered, or what the field starts with. */
  value: Json | undefined;
  /** Why each file was left out of what it starts with. */
  leftOut: Message[];
}

export type ShownItem = ShownField | ShownText;

/** A form as it is for the values in it. */
export interface ShownForm {
  items: ShownItem[];
  /** What the form computes beside its fields: by key. */
  formulas: [key: string, value: Json][];
  evaluate: Evaluate;
}

/** The fields that are shown, in order. */
export function shownFields({ items }: ShownForm): ShownField[] {
  return items.filter((item) => item.kind === 'field');
}

/** What of a form depends on values: they depend on it in turn, for a hidden field has no value. */
interface Settled {
  hidden: ReadonlySet<FormItem>;
  values: ReadonlyMap<string, Json | undefined>;
}

/** How often a form is looked over until nothing changes any more; one that never settles is shown as it is then. */
const maximumPasses = 10;

/**
 * Makes of a form what is to be shown of it: hides what its conditions hide, and computes labels, limits and choices. As
 * in form-js, expressions see the variables with the form's own values in them, and a hidden field's value is null.
 *
 * @throws UserFacingError if its expressions take too long
 */
export function showForm(
  form: Form,
  { variables = {}, entered = () => undefined, now = new Date() }: ShowFormOptions = {},
): ShownForm {
  const evaluate = createEvaluate(now);
  let settled: Settled = { hidden: new Set(), values: valuesOf(form, variables, () => undefined, variables, evaluate) };
  for (let pass = 0; pass < maximumPasses; pass += 1) {
    const seen = seenBy(form, variables, settled);
    const next: Settled = {
      hidden: new Set(
        form.items.filter(({ hide = [] }) => hide.some((condition) => evaluate(condition, seen) === true)),
      ),
      values: valuesOf(form, variables, entered, seen, evaluate),
    };
    const isSettled = isDeepStrictEqual(next, settled);
    settled = next;
    if (isSettled) break;
  }
  const { hidden, values } = settled;
  const seen = seenBy(form, variables, settled);
  const items = form.items
    .filter((item) => !hidden.has(item))
    .flatMap((item): ShownItem[] => {
      if (item.kind === 'formula') return [];
      if (item.kind === 'text') return [{ ...item, variables: seen }];
      const field = withWords(withComputed(item, variables, seen, evaluate), seen, evaluate);
      const value = values.get(item.key);
      const isUntouched = isDeepStrictEqual(value, initialValue(field, variables));
      const leftOut = isUntouched ? fitFiles(field, valueAt(variables, field.key)).leftOut : [];
      return [{ ...field, value, leftOut }];
    });
  const formulas = form.items.flatMap((item): ShownForm['formulas'] =>
    item.kind === 'formula' && !hidden.has(item) ? [[item.key, values.get(item.key) ?? null]] : [],
  );
  return { items, formulas, evaluate };
}

function valuesOf(
  { items }: Form,
  variables: Variables,
  entered: (field: FormField) => Json | undefined,
  seen: Variables,
  evaluate: Evaluate,
): Map<string, Json | undefined> {
  return new Map(
    items.flatMap((item) => {
      if (item.kind === 'text') return [];
      if (item.kind === 'formula') return [[item.key, evaluate(item.expression, seen)]];
      const field = withComputed(item, variables, seen, evaluate);
      const given = field.readOnly ? undefined : entered(field);
      return [[item.key, given === undefined ? initialValue(field, variables) : given]];
    }),
  );
}

/** What the expressions of a form see. */
function seenBy({ items }: Form, variables: Variables, { hidden, values }: Settled): Variables {
  const entries = items.flatMap((item): [string, Json][] => {
    if (item.kind === 'text') return [];
    const value = values.get(item.key);
    if (hidden.has(item)) return [[item.key, null]];
    return [[item.key, item.kind === 'formula' ? (value ?? null) : asSubmitted(item, value ?? emptyValue(item))]];
  });
  return nestValues(entries, variables);
}

/** A field's value as it goes into the process. */
export function asSubmitted({ asText }: FormField, value: Json): Json {
  return asText && (typeof value === 'number' || typeof value === 'bigint') ? String(value) : value;
}

/** The value of a field in which nothing is entered, as form-js has it. */
function emptyValue({ type }: FormField): Json {
  switch (type) {
    case 'boolean':
      return false;
    case 'text':
    case 'email':
    case 'phone':
    case 'link':
    case 'user':
      return '';
    case 'choices':
      return [];
    default:
      return null;
  }
}

/** The field with what its expressions make of it, but for its words. */
function withComputed(field: FormField, variables: Variables, seen: Variables, evaluate: Evaluate): FormField {
  const { computed, hide, ...fixed } = field;
  const number = (expression: string | undefined) => {
    const value = expression === undefined ? null : evaluate(expression, seen);
    if (typeof value === 'bigint') return value;
    const isNumber = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
    return isNumber && Number.isFinite(Number(value)) ? Number(value) : undefined;
  };
  const length = (expression: string | undefined) => {
    const value = number(expression);
    return value === undefined ? undefined : Math.max(0, Math.ceil(Number(value)));
  };
  const limits = {
    minimum: number(computed?.minimum),
    maximum: number(computed?.maximum),
    minLength: length(computed?.minLength),
    maxLength: length(computed?.maxLength),
  };
  return {
    ...fixed,
    ...Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined)),
    ...(computed?.multiple !== undefined && evaluate(computed.multiple, seen) === true
      ? { maxFiles: Number.POSITIVE_INFINITY }
      : {}),
    ...(computed?.readOnly === undefined ? {} : { readOnly: evaluate(computed.readOnly, seen) === true }),
    ...(isChosen(field.type)
      ? {
          options:
            computed?.options === undefined ? optionsOf(field, variables) : optionsIn(evaluate(computed.options, seen)),
        }
      : {}),
  };
}

function withWords(field: FormField, seen: Variables, evaluate: Evaluate): FormField {
  const words = (template: string) => renderTextTemplate(template, seen, (text) => text, evaluate);
  const { label, description } = field;
  return {
    ...field,
    label: words(label) || field.key,
    ...(description === undefined ? {} : { description: words(description) }),
  };
}
