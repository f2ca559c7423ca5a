import { isDeepStrictEqual } from 'node:util';
import type { Message } from '../words/message.ts';
import { fitFiles } from './check-files.ts';
import { initialValue } from './check-values.ts';
import { optionsIn, optionsOf } from './field-options.ts';
import type { Form, FormField, FormText } from './form.ts';
import { createEvaluate, type Evaluate } from './form-expressions.ts';
import { nestValues, valueAt } from './form-path.ts';
import { createScopes, type Scopes } from './form-scopes.ts';
import type { ListEntries } from './list-entries.ts';
import {
  type EntryHead,
  type Place,
  type PlacedField,
  type PlacedItem,
  type PlacedItems,
  type PlacedList,
  placeItems,
} from './place-items.ts';
import { isChosen } from './read-field.ts';
import { renderTextTemplate } from './text-template.ts';
import type { Json, Variables } from './value-types.ts';

export interface ShowFormOptions {
  /** The variables that the form is opened with. */
  variables?: Variables;
  /**
   * Returns the value that a person entered in a field, whose options are known by now; undefined if the field was not shown to
   * them yet. `variables`: the variables that fill in the form.
   */
  entered?(field: PlacedField, variables: Variables): Json | undefined;
  /** The current entries of a list; undefined: the initial ones. */
  entries?(listId: string): ListEntries | undefined;
  /** Defaults to the current time. */
  now?: Date;
}

/** A text with the variables that its expressions see. */
export interface ShownText extends FormText {
  variables: Variables;
}

/** A field as a person sees it: everything is computed, and all options are listed. */
export interface ShownField extends PlacedField {
  /** The input, or the initial value. */
  value: Json | undefined;
  /** Why files were left out of its initial value. */
  leftOut: Message[];
}

export type ShownItem = ShownField | ShownText | EntryHead | PlacedList;

/** A form in its state for the current values. */
export interface ShownForm {
  items: ShownItem[];
  /** Values that the form computes, by key. */
  formulas: [key: string, value: Json][];
  /** The lists shown, outer before inner. */
  lists: PlacedList[];
  /** The variables that fill it in. */
  variables: Variables;
  evaluate: Evaluate;
}

/** The fields that are shown, in order. */
export function shownFields({ items }: ShownForm): ShownField[] {
  return items.filter((item) => item.kind === 'field');
}

/** The variables that a form submits: those of its fields by key, its lists, and computed values. */
export function submittedValues(form: ShownForm, fields: Iterable<readonly [key: string, value: Json]>): Variables {
  return nestValues([...listValues(form), ...fields, ...form.formulas]);
}

/** The lists of a form that have fields, without the fields' values. */
export function listValues({ lists }: ShownForm): [key: string, value: Json][] {
  return lists.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value]]));
}

/** The parts of a form that depend on its values, and on which values depend in turn: a hidden field has no value. */
interface Settled {
  hidden: ReadonlySet<PlacedItem>;
  values: ReadonlyMap<string, Json | undefined>;
}

/** Maximum number of passes until nothing changes; a form that does not settle is shown as it is then. */
const maximumPasses = 10;

/**
 * Computes what to show of a form: repeats lists, applies conditions, and evaluates labels, limits and choices. As in form-js,
 * expressions see the variables together with the form's own values, and a hidden field's value is null.
 *
 * @throws UserFacingError if its expressions take too long
 */
export function showForm(
  form: Form,
  {
    variables: given = {},
    entered = () => undefined,
    entries = () => undefined,
    now = new Date(),
  }: ShowFormOptions = {},
): ShownForm {
  const layout = placeItems(form, given, entries);
  const { placed, lists, variables } = layout;
  const evaluate = createEvaluate(now);
  const initial = createScopes(variables);
  let settled: Settled = { hidden: new Set(), values: valuesOf(layout, () => undefined, initial, evaluate) };
  for (let pass = 0; pass < maximumPasses; pass += 1) {
    const scopes = createScopes(seenBy(layout, settled));
    const next: Settled = {
      hidden: hiddenAmong(layout, scopes, evaluate),
      values: valuesOf(layout, entered, scopes, evaluate),
    };
    const isSettled = isDeepStrictEqual(next, settled);
    settled = next;
    if (isSettled) break;
  }
  const { hidden, values } = settled;
  const scopes = createScopes(seenBy(layout, settled));
  const visible = placed.filter(({ item }) => !hidden.has(item));
  const items = visible.flatMap(({ item, within }): ShownItem[] => {
    const seen = scopes(within);
    switch (item.kind) {
      case 'formula':
        return [];
      case 'text':
        return [{ ...item, variables: seen }];
      case 'field': {
        const field = withWords(withComputed(item, variables, seen, evaluate), seen, evaluate);
        const value = values.get(item.key);
        const isUntouched = isDeepStrictEqual(value, initialValue(field, variables));
        const leftOut = isUntouched ? fitFiles(field, valueAt(variables, field.key)).leftOut : [];
        return [{ ...field, value, leftOut }];
      }
      default:
        return [item];
    }
  });
  const formulas = visible.flatMap(({ item }): ShownForm['formulas'] =>
    item.kind === 'formula' ? [[item.key, values.get(item.key) ?? null]] : [],
  );
  return { items, formulas, lists: lists.filter((list) => !hidden.has(list)), variables, evaluate };
}

/** The hidden items: by a condition of their own, or with a list around them. */
function hiddenAmong({ placed, lists }: PlacedItems, scopes: Scopes, evaluate: Evaluate): Set<PlacedItem> {
  const hidden = new Set<PlacedItem>();
  const hide = (item: PlacedItem, place: Place) => {
    const conditions = item.kind === 'entry' ? [] : (item.hide ?? []);
    const isHidden =
      place.lists.some((list) => hidden.has(list)) ||
      conditions.some((condition) => evaluate(condition, scopes(place.within)) === true);
    if (isHidden) hidden.add(item);
  };
  for (const list of lists) hide(list, list);
  for (const one of placed) hide(one.item, one);
  return hidden;
}

function valuesOf(
  { placed, variables }: PlacedItems,
  entered: (field: PlacedField, variables: Variables) => Json | undefined,
  scopes: Scopes,
  evaluate: Evaluate,
): Map<string, Json | undefined> {
  return new Map(
    placed.flatMap(({ item, within }): [string, Json | undefined][] => {
      if (item.kind === 'formula') return [[item.key, evaluate(item.expression, scopes(within))]];
      if (item.kind !== 'field') return [];
      const field = withComputed(item, variables, scopes(within), evaluate);
      const given = field.readOnly ? undefined : entered(field, variables);
      return [[item.key, given === undefined ? initialValue(field, variables) : given]];
    }),
  );
}

/** The variables that the form's expressions see, without what a list entry adds. */
function seenBy({ placed, variables }: PlacedItems, { hidden, values }: Settled): Variables {
  const entries = placed.flatMap(({ item, lists }): [string, Json][] => {
    // A hidden list is null, whatever is in it.
    if (item.kind === 'text' || item.kind === 'entry' || lists.some((list) => hidden.has(list))) return [];
    if (hidden.has(item)) return [[item.key, null]];
    if (item.kind === 'list') return [];
    const value = values.get(item.key);
    return [[item.key, item.kind === 'formula' ? (value ?? null) : asSubmitted(item, value ?? emptyValue(item))]];
  });
  return nestValues(entries, variables);
}

/** A field's value as it is submitted to the process. */
export function asSubmitted({ asText, inUtc }: FormField, value: Json): Json {
  if (asText && (typeof value === 'number' || typeof value === 'bigint')) return String(value);
  const time = inUtc && typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? value : `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** The value of an empty field, as in form-js. */
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

/** The field with its expressions evaluated, except for its texts. */
function withComputed(field: PlacedField, variables: Variables, seen: Variables, evaluate: Evaluate): PlacedField {
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

function withWords(field: PlacedField, seen: Variables, evaluate: Evaluate): PlacedField {
  const words = (template: string) => renderTextTemplate(template, seen, (text) => text, evaluate);
  const { label, description } = field;
  return {
    ...field,
    label: words(label) || field.key,
    ...(description === undefined ? {} : { description: words(description) }),
  };
}
