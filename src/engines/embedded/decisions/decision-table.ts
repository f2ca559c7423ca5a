import type { CompiledFeel } from '../../../feel/feel.ts';
import type { CompiledTests } from '../../../feel/unary-tests.ts';
import type { FeelValue } from '../../../feel/values.ts';

export type HitPolicy = 'UNIQUE' | 'FIRST' | 'PRIORITY' | 'ANY' | 'COLLECT' | 'RULE ORDER' | 'OUTPUT ORDER';
export type Aggregation = 'SUM' | 'COUNT' | 'MIN' | 'MAX';

export interface DecisionTable {
  hitPolicy: HitPolicy;
  aggregation: Aggregation | undefined;
  inputs: { label: string; expression: CompiledFeel }[];
  outputs: {
    name: string;
    defaultValue: CompiledFeel | undefined;
    /** The allowed values, highest priority first. */
    values: CompiledFeel | undefined;
  }[];
  rules: { id: string; tests: CompiledTests[]; outputs: CompiledFeel[] }[];
}

/** The value of the only output column, or a context of all columns. */
export function outputOf(outputs: DecisionTable['outputs'], values: readonly FeelValue[]): FeelValue {
  if (outputs.length === 1) return values[0] ?? null;
  return Object.fromEntries(outputs.map(({ name }, column) => [name, values[column] ?? null]));
}
