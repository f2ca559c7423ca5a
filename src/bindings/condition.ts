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

/** How a row compares a property with its value; which of them a property takes depends on its type: condition-rows.ts. */
export const operatorSchema = z.enum([...textOperators, ...orderOperators]);
export type Operator = z.infer<typeof operatorSchema>;

export const conditionRowSchema = z.object({
  /** The property's code. */
  property: z.string(),
  operator: operatorSchema,
  /**
   * As it was entered: a number's digits, a date as `YYYY-MM-DD`, `true` or `false`, a person's Slack id, words separated by
   * commas; blank where the operator takes none.
   */
  value: z.string(),
});
export type ConditionRow = z.infer<typeof conditionRowSchema>;

/** How many rows a condition has at most. */
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
