import { z } from 'zod';

export const textOperators = [
  'is',
  'is_not',
  'contains',
  'starts_with',
  'any_word',
  'is_empty',
  'is_not_empty',
] as const;
export const orderOperators = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const;

/** How a row compares a property with its value. condition-rows.ts lists the operators of each property type. */
export const operatorSchema = z.enum([...textOperators, ...orderOperators]);
export type Operator = z.infer<typeof operatorSchema>;

export const conditionRowSchema = z.object({
  /** The property's code. */
  property: z.string(),
  operator: operatorSchema,
  /**
   * The value as entered: a number's digits, a date as `YYYY-MM-DD`, `true` or `false`, a Slack user id, or words separated by
   * commas. Blank if the operator takes no value.
   */
  value: z.string(),
});
export type ConditionRow = z.infer<typeof conditionRowSchema>;

/** Maximum number of rows in a condition. */
export const mostRows = 10;

/** When a binding starts its process: rows, or an expression in FEEL. */
export const conditionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('rows'),
    join: z.enum(['all', 'any']),
    rows: z.array(conditionRowSchema).min(1).max(mostRows),
  }),
  z.object({ kind: z.literal('feel'), expression: z.string().min(1) }),
]);
export type Condition = z.infer<typeof conditionSchema>;
