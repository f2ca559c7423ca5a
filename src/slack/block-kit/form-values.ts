import { z } from 'zod';
import { parseNumber } from '../../json.ts';
import { checkValues, initialValue, type ValueMistake } from '../../processes/check-values.ts';
import type { Form, FormField } from '../../processes/form.ts';
import { nestValues } from '../../processes/form-path.ts';
import {
  asSubmitted,
  type ShownField,
  type ShownForm,
  showForm,
  shownFields,
  submittedValues,
} from '../../processes/show-form.ts';
import type { Json, Variables } from '../../processes/value-types.ts';
import { type Message, message } from '../../words/message.ts';
import type { Words } from '../../words/words.ts';
import { type CarriedEntries, entriesIn } from './carried-entries.ts';
import { chosenValue } from './choice-options.ts';
import { fieldBlockId } from './field-block-id.ts';
import { textForInput } from './field-element.ts';
import { slackLimits } from './limits.ts';

export interface ReadFormValuesOptions {
  /** The scope that the form was shown with. */
  scope: string;
  /** The variables that the form was shown with; none by default. */
  variables?: Variables;
  /** The list entries of the form when it was shown; by default the initial ones. */
  entries?: CarriedEntries | undefined;
  /** The person's UTC offset in seconds (Slack's `tz_offset`), used for datetimes; 0 by default. */
  utcOffset?: number;
  /** Defaults to the current time. */
  now?: Date;
}

export interface FormValues {
  /** The process variables of the form's fields; null where nothing was entered. Hidden fields have none. */
  values: Variables;
  /** Error messages by block id, for `response_action: 'errors'`; empty if the values are valid. */
  errors: Record<string, string>;
  /** The form with these values. */
  shown: ShownForm;
  /** The blocks of the fields that can be filled in. */
  blockIds: string[];
}

/** The state of an element as Slack sends it; files as in files.info. */
const elementStateSchema = z.object({
  value: z.string().nullish(),
  selected_date: z.string().nullish(),
  selected_date_time: z.number().nullish(),
  selected_user: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
  selected_options: z.array(z.object({ value: z.string() })).nullish(),
  files: z
    .array(
      z.object({
        name: z.string().nullish(),
        mimetype: z.string().nullish(),
        size: z.number().nullish(),
        permalink: z.string().nullish(),
      }),
    )
    .nullish(),
});
type ElementState = z.infer<typeof elementStateSchema>;

/** `view.state.values` of a modal. */
export type ViewState = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The input in a view; empty if Slack sends no state. */
export function stateOf({ state }: { state?: { values: ViewState } | undefined }): ViewState {
  return state?.values ?? {};
}

/**
 * The form with what a person has entered in its modal so far. A text that was cut to fit the modal and left unchanged keeps
 * its full length; existing files stay unless others are uploaded.
 */
export function showEntered(form: Form, state: ViewState, options: ReadFormValuesOptions): ShownForm {
  const { scope, variables = {}, entries, utcOffset = 0, now = new Date() } = options;
  return showForm(form, {
    variables,
    now,
    entries: entriesIn(entries),
    entered: (field, filledIn) => {
      const element = elementState(state, fieldBlockId(scope, field.id));
      return element && unlessUntouched(field, enteredValue(field, element, utcOffset), filledIn);
    },
  });
}

/**
 * Reads what a person entered from `view.state.values` of a modal that shows `form`. Only the fields that the form shows for
 * these values are read.
 */
export function readFormValues(words: Words, form: Form, state: ViewState, options: ReadFormValuesOptions): FormValues {
  const { scope, now = new Date() } = options;
  const shown = showEntered(form, state, options);
  const ofSlacks: ValueMistake[] = [];
  const fields = shownFields(shown);
  const open = fields.filter(({ readOnly }) => !readOnly);
  const blockIdOf = new Map(fields.map(({ key, id }) => [key, fieldBlockId(scope, id)]));
  const blockIds = open.map(({ id }) => fieldBlockId(scope, id));
  const entered = fields.map((field): [ShownField, Json] => {
    const { key, id, value = null, readOnly } = field;
    if (readOnly) return [field, value];
    if (!Object.hasOwn(state, fieldBlockId(scope, id))) return [field, null];
    const initial = initialValue(field, shown.variables);
    const mistake = value === initial ? undefined : inputMistake(field, value);
    if (!mistake) return [field, value];
    ofSlacks.push({ key, message: mistake });
    return [field, null];
  });
  const mistakes = [
    ...checkValues(open, nestValues(entered.map(([{ key }, value]) => [key, value])), { now }),
    ...ofSlacks,
  ];
  const submitted = entered.map(([field, value]): [string, Json] => [field.key, asSubmitted(field, value)]);
  const values = submittedValues(shown, submitted);
  const errors = Object.fromEntries(
    mistakes.map((mistake) => [blockIdOf.get(mistake.key) ?? '', words(mistake.message)]),
  );
  return { values, errors, shown, blockIds };
}

/** Checks what Slack's input or form-js would not have accepted; existing values may violate it. */
function inputMistake({ minuteStep = 1 }: FormField, value: Json): Message | undefined {
  if (typeof value !== 'string') return undefined;
  if (value.length > slackLimits.textInput) return message('mistake.tooLong', { count: slackLimits.textInput });
  const [, hours = '', minutes = ''] = /^\d{4}-\d{2}-\d{2}T(\d{2}):(\d{2})/.exec(value) ?? [];
  const isInStep = (Number(hours) * 60 + Number(minutes)) % minuteStep === 0;
  return isInStep ? undefined : message('mistake.minuteStep', { count: minuteStep });
}

function elementState(state: ViewState, blockId: string): ElementState | undefined {
  if (!Object.hasOwn(state, blockId)) return undefined;
  // A field has one element, whatever its action id.
  const [element] = Object.values(state[blockId] ?? {});
  const parsed = elementStateSchema.safeParse(element);
  return parsed.success ? parsed.data : {};
}

function enteredValue(field: FormField, element: ElementState, utcOffset: number): Json {
  const text = element.value?.trim() === '' ? null : (element.value ?? null);
  switch (field.type) {
    case 'text':
      return text;
    case 'email':
    case 'phone':
    case 'link':
      return text?.trim() ?? null;
    case 'number':
      // A value that is not a number stays text, so that validation rejects it.
      return text === null || Number.isNaN(Number(text)) ? text : parseNumber(text.trim());
    case 'boolean':
      return (element.selected_options?.length ?? 0) > 0;
    case 'date':
      return element.selected_date ?? null;
    case 'datetime': {
      const seconds = element.selected_date_time;
      return seconds === null || seconds === undefined ? null : isoWithOffset(seconds, utcOffset);
    }
    case 'user':
      return element.selected_user ?? null;
    case 'choice': {
      const id = element.selected_option?.value;
      if (id === undefined || id === 'none:') return null;
      // An option that the field does not have stays text, so that validation rejects it.
      return chosenValue(field, id) ?? id;
    }
    case 'choices':
      return (element.selected_options ?? []).map(({ value: id }) => chosenValue(field, id) ?? id);
    case 'files':
      return (element.files ?? []).map(({ name, mimetype, size, permalink }) => ({
        name: name ?? '',
        type: mimetype ?? '',
        size: size ?? 0,
        link: permalink ?? '',
      }));
  }
}

function unlessUntouched(field: FormField, entered: Json, variables: Variables): Json {
  if (field.type === 'files' && Array.isArray(entered) && entered.length === 0) {
    return initialValue(field, variables) ?? null;
  }
  if (field.type !== 'text' || typeof entered !== 'string') return entered;
  const initial = initialValue(field, variables);
  if (typeof initial !== 'string' || initial.length > (field.maxLength ?? Infinity)) return entered;
  return entered === textForInput(field, initial) ? initial : entered;
}

/** Unix seconds → `2026-01-31T09:30:00+01:00`. */
function isoWithOffset(seconds: number, utcOffset: number): string {
  const local = new Date((seconds + utcOffset) * 1000).toISOString().slice(0, 19);
  if (utcOffset === 0) return `${local}Z`;
  const minutes = Math.abs(Math.round(utcOffset / 60));
  const clock = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
  return `${local}${utcOffset < 0 ? '-' : '+'}${clock}`;
}
