import { z } from 'zod';
import { parseNumber } from '../json.ts';
import { jsonSchema } from './value-types.ts';

/** A number, which Modeler may have saved as text. Expressions and other texts get an error that names them. */
const exactNumberLike = z
  .union([z.number(), z.bigint(), z.string()], 'must be a number')
  .transform((value, context) => {
    if (typeof value !== 'string') return value;
    if (value.trim() === '') return undefined;
    const number = parseNumber(value);
    if (typeof number === 'bigint' || Number.isFinite(number)) return number;
    context.addIssue(value.startsWith('=') ? 'is an expression; only a fixed number is supported' : 'must be a number');
    return z.NEVER;
  });

/** The same for a count or a step, which need not be an exact large number. */
const numberLike = exactNumberLike.transform((value) => (value === undefined ? undefined : Number(value)));

const flag = z.union([z.boolean(), z.string()], 'must be true or false').transform((value, context) => {
  if (typeof value === 'boolean') return value;
  context.addIssue('is an expression; only true or false is supported');
  return z.NEVER;
});

const text = z.string('must be text');

/** A fixed limit or a FEEL expression, kept with its `=`. */
const formula = z.string().startsWith('=', 'must be a number or an expression');
const exactLimit = z.union([formula, exactNumberLike]);
const limit = z.union([formula, numberLike]);

/** A boolean or a FEEL expression, kept with its `=`. As in form-js, any other text is neither. */
const flagOrExpression = z
  .union([z.boolean(), z.string()], 'must be true, false or an expression')
  .transform((value) => (typeof value === 'string' && !value.startsWith('=') ? false : value));

const validateSchema = z.object({
  required: flag.optional(),
  validationType: z.enum(['email', 'phone', 'custom', ''], 'must be email, phone or custom').nullish(),
  pattern: text.optional(),
  patternErrorMessage: text.optional(),
  minLength: limit.optional(),
  maxLength: limit.optional(),
  min: exactLimit.optional(),
  max: exactLimit.optional(),
});

/**
 * A form-js component of any type: the properties that Kickoff reads, following form-js' JSON schema (schema version 19).
 * Appearance and layout are left out.
 */
export const componentSchema = z.object({
  type: text,
  key: text.optional(),
  label: text.optional(),
  dateLabel: text.optional(),
  dateTimeLabel: text.optional(),
  description: text.optional(),
  defaultValue: jsonSchema.optional(),
  readonly: flagOrExpression.optional(),
  disabled: flag.optional(),
  text: text.optional(),
  content: text.optional(),
  source: text.optional(),
  alt: text.optional(),
  path: text.optional(),
  expression: text.optional(),
  components: z.array(z.unknown(), 'must be a list').optional(),
  isRepeating: flag.optional(),
  allowAddRemove: flag.optional(),
  defaultRepetitions: numberLike.optional(),
  conditional: z.object({ hide: z.string().optional() }).nullish(),
  validate: validateSchema.default({}),
  properties: z.record(z.string(), z.unknown()).default({}),
  subtype: text.optional(),
  disallowPassedDates: flag.optional(),
  timeInterval: numberLike.optional(),
  timeSerializingFormat: z
    .enum(['utc_offset', 'utc_normalized', 'no_timezone', ''], 'must be utc_offset, utc_normalized or no_timezone')
    .nullish(),
  decimalDigits: z.int('must be a whole number').nonnegative().optional(),
  increment: numberLike.optional(),
  serializeToString: flag.optional(),
  values: z
    .array(
      z.object({
        label: text.optional(),
        value: z.union([z.string(), z.number(), z.bigint(), z.boolean()], 'is missing'),
      }),
      'must be a list',
    )
    .optional(),
  valuesKey: text.optional(),
  valuesExpression: text.optional(),
  multiple: flagOrExpression.optional(),
  accept: text.optional(),
});
export type Component = z.infer<typeof componentSchema>;

/** The form file itself. Components are parsed one by one, so that a mistake can name its component. */
export const formSchema = z.object({
  id: z.string('has no id').min(1, 'has no id'),
  components: z.array(z.unknown(), 'has no list of components'),
});
