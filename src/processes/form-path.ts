import { own } from '../own.ts';
import type { Json, Variables } from './value-types.ts';

/** The steps in a field's key: `client.name` → `['client', 'name']`, `guests.0.name` → `['guests', 0, 'name']`. */
export function stepsOf(key: string): (string | number)[] {
  return key.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

/** The value at a field's key; undefined if there is none. */
export function valueAt(variables: Variables, key: string): Json | undefined {
  let value: Json | undefined = variables;
  for (const step of stepsOf(key)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Array.isArray(value) ? value[Number(step)] : own(value, String(step));
  }
  return value;
}

/** A copy of the variables with a value set at a field's key. */
export function withValueAt(variables: Variables, key: string, value: Json): Variables {
  return inserted(variables, stepsOf(key), value) as Variables;
}

/** Variables with each value set at its field's key. */
export function nestValues(
  values: Iterable<readonly [key: string, value: Json]>,
  variables: Variables = {},
): Variables {
  let nested = variables;
  for (const [key, value] of values) nested = withValueAt(nested, key, value);
  return nested;
}

function inserted(container: Json | undefined, [step, ...rest]: (string | number)[], value: Json): Json {
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const list = Array.isArray(container) ? [...container] : [];
    list[step] = inserted(list[step], rest, value);
    return list;
  }
  const entries = typeof container === 'object' && !Array.isArray(container) ? container : null;
  return { ...entries, [step]: inserted(own(entries ?? {}, step), rest, value) };
}
