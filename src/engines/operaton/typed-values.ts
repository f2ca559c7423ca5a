import { z } from 'zod';
import { parseJson, stringifyJson } from '../../json.ts';
import { reservedVariables } from '../../processes/reserved-variables.ts';
import type { Json, Variables } from '../../processes/value-types.ts';

/** A variable in the format of the REST API. */
export const typedValueSchema = z.object({
  type: z.string().nullish(),
  value: z.unknown(),
  valueInfo: z.record(z.string(), z.unknown()).nullish(),
});
export type TypedValue = z.infer<typeof typedValueSchema>;
export const typedValuesSchema = z.record(z.string(), typedValueSchema);

/** The type of a variable, taken from the process's form, if its JSON value does not show it. */
export type TypeHint = 'Long' | 'Date';

export interface Writing {
  /** Whether the engine supports the type `Json`, which needs a separate module. */
  hasJson: boolean;
  hints?: ReadonlyMap<string, TypeHint>;
  /** Reserved variables are set only when an instance starts, and left out later. */
  isStart?: boolean;
}

const int32 = 2 ** 31;
const int64 = 2n ** 63n;

/** Maximum length of the engine's text column in most databases, in characters. */
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
 * Converts a value to the most exact type that the engine supports: a list or an object becomes `Json` if supported, else its
 * JSON as text. Text that is too long for the engine's column becomes `Json` too.
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

/** Returns undefined for values that Kickoff cannot read, such as a Java object or a file. */
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

/** `2026-11-29T06:28:23.242+0000` → `2026-11-29T06:28:23.242+00:00`, which every ISO 8601 parser reads. */
export const isoDate = (text: string): string => text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2');

/** Formats a date, or a date and time, for the engine. */
export function engineDate(text: string | Date): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? String(text) : date.toISOString().replace('Z', '+0000');
}

export const dateSchema = z.string().transform((text) => new Date(isoDate(text)));
