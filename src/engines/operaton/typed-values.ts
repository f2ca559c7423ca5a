import { z } from 'zod';
import { parseJson, stringifyJson } from '../../json.ts';
import { reservedVariables } from '../../processes/reserved-variables.ts';
import type { Json, Variables } from '../../processes/value-types.ts';

/** A variable as the REST API has it. */
export const typedValueSchema = z.object({
  type: z.string().nullish(),
  value: z.unknown(),
  valueInfo: z.record(z.string(), z.unknown()).nullish(),
});
export type TypedValue = z.infer<typeof typedValueSchema>;
export const typedValuesSchema = z.record(z.string(), typedValueSchema);

/** A variable of another type than its JSON value shows, by the process's own form. */
export type TypeHint = 'Long' | 'Date';

export interface Writing {
  /** Whether the engine has the type `Json`, which a module of its own brings. */
  hasJson: boolean;
  hints?: ReadonlyMap<string, TypeHint>;
  /** Reserved variables are set when an instance begins, and left out ever after. */
  isStart?: boolean;
}

const int32 = 2 ** 31;
const int64 = 2n ** 63n;

/** Most databases keep no longer text in the engine's column, in characters. */
const longestText = 4000;

export function toTypedValues(
  variables: Variables,
  { hasJson, hints, isStart = false }: Writing,
): Record<string, TypedValue> {
  const writable = Object.entries(variables).filter(([name]) => isStart || !reservedVariables.has(name));
  return Object.fromEntries(
    writable.map(([name, value]) => [name, toTypedValue(value, { hasJson, hint: hints?.get(name) })]),
  );
}

/**
 * The variable of the most exact type that the engine has: a list or an object is `Json` where it has that, else its JSON as
 * text. Text that is too long for the engine's column is `Json` too.
 */
export function toTypedValue(
  value: Json,
  { hasJson, hint }: { hasJson: boolean; hint?: TypeHint | undefined },
): TypedValue {
  if (value === null) return { type: 'Null', value: null };
  if (hint === 'Date' && typeof value === 'string' && value !== '') return { type: 'Date', value: engineDate(value) };
  switch (typeof value) {
    case 'boolean':
      return { type: 'Boolean', value };
    case 'number':
    case 'bigint':
      return toTypedNumber(value, hasJson, hint);
    case 'string':
      return value.length > longestText && hasJson ? jsonValue(value) : { type: 'String', value };
    default:
      return hasJson ? jsonValue(value) : { type: 'String', value: stringifyJson(value) };
  }
}

function toTypedNumber(value: number | bigint, hasJson: boolean, hint: TypeHint | undefined): TypedValue {
  if (typeof value === 'number' && !Number.isInteger(value)) return { type: 'Double', value };
  const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value);
  if (!isWhole) return { type: 'Double', value };
  if (hint !== 'Long' && value >= -int32 && value < int32) return { type: 'Integer', value };
  if (value >= -int64 && value < int64) return { type: 'Long', value };
  return hasJson ? jsonValue(value) : { type: 'String', value: String(value) };
}

const jsonValue = (value: Json | bigint): TypedValue => ({ type: 'Json', value: stringifyJson(value) });

export function fromTypedValues(values: Record<string, TypedValue>): Variables {
  const entries = Object.entries(values).flatMap(([name, typed]) => {
    const value = fromTypedValue(typed);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** Undefined: what Kickoff cannot read, such as a Java object or a file. */
export function fromTypedValue({ type, value, valueInfo }: TypedValue): Json | undefined {
  if (value === null || value === undefined) return type === 'File' || type === 'Bytes' ? undefined : null;
  switch (type?.toLowerCase()) {
    case 'json':
      return typeof value === 'string' ? parsed(value) : undefined;
    case 'object': {
      const isJson = String(valueInfo?.serializationDataFormat ?? '').startsWith('application/json');
      return isJson && typeof value === 'string' ? parsed(value) : undefined;
    }
    case 'date':
      return typeof value === 'string' ? isoDate(value) : undefined;
    case 'file':
    case 'bytes':
      return undefined;
    default:
      return typeof value === 'object' ? undefined : (value as Json);
  }
}

function parsed(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** `2026-11-29T06:28:23.242+0000` → `2026-11-29T06:28:23.242+00:00`, which everything that reads ISO 8601 takes. */
export const isoDate = (text: string): string => text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2');

/** A date, or a date and time, as the engine reads it. */
export function engineDate(text: string | Date): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? String(text) : date.toISOString().replace('Z', '+0000');
}

export const dateSchema = z.string().transform((text) => new Date(isoDate(text)));
