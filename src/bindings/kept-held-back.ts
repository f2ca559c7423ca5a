import { customType } from 'drizzle-orm/pg-core';
import type { Json } from '../processes/value-types.ts';
import { storableJson } from '../storable.ts';
import type { BindingEvent } from './binding-kinds.ts';
import type { Operator } from './condition.ts';
import type { HeldBack, Hindrance } from './held-back.ts';

/**
 * What a condition held back, as short as it can be said: every message of a client may be held back by every binding, and
 * what is kept of it would be most of what a message costs.
 */
interface KeptByCondition {
  id: string;
  process: string;
  /** Absent: `message_received`, by far the most frequent. */
  event?: BindingEvent;
  /** The rows that did not hold: property, operator, value. */
  rows?: [string, Operator, string][];
  /** What was found of their properties, unless it is the same as before in the list. */
  found?: Record<string, Json>;
  /** The expression that did not hold. */
  feel?: string;
  fault?: string;
}

/** Those by conditions in short, others as they are. Two lists that were written one after the other are read as one. */
export type KeptHeldBack = (HeldBack | KeptByCondition)[];

export function toKept(all: readonly HeldBack[]): KeptHeldBack {
  const known = new Map<string, Json>();
  return all.map((heldBack) => {
    const { event, bindingId: id, processName: process, hindrance } = heldBack;
    const kept: KeptByCondition = { id, process, ...(event === 'message_received' ? {} : { event }) };
    switch (hindrance.kind) {
      case 'rows': {
        const fresh = hindrance.failed.filter(({ row: { property }, found }) => {
          const isKnown = known.has(property) && known.get(property) === found;
          known.set(property, found);
          return !isKnown;
        });
        if (fresh.length > 0) kept.found = Object.fromEntries(fresh.map(({ row, found }) => [row.property, found]));
        kept.rows = hindrance.failed.map(({ row: { property, operator, value } }) => [property, operator, value]);
        return kept;
      }
      case 'expression':
        kept.feel = hindrance.expression;
        if (hindrance.fault !== null) kept.fault = hindrance.fault;
        return kept;
      default:
        return heldBack;
    }
  });
}

export function fromKept(all: KeptHeldBack): HeldBack[] {
  const known = new Map<string, Json>();
  return all.map((kept) => {
    if ('hindrance' in kept) return kept;
    const { id, process, event = 'message_received', rows, found = {}, feel = '', fault = null } = kept;
    for (const [property, value] of Object.entries(found)) known.set(property, value);
    const hindrance: Hindrance = rows
      ? {
          kind: 'rows',
          failed: rows.map(([property, operator, value]) => ({
            row: { property, operator, value },
            found: known.get(property) ?? null,
          })),
        }
      : { kind: 'expression', expression: feel, fault };
    return { event, bindingId: id, processName: process, hindrance };
  });
}

/** A `jsonb` column of {@link KeptHeldBack}. */
export const heldBackColumn = customType<{ data: HeldBack[]; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: (all) => storableJson(toKept(all)),
  fromDriver: (kept) => fromKept(kept as KeptHeldBack),
});
