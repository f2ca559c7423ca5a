import type { Db } from '../db/client.ts';
import type { Json } from '../processes/value-types.ts';
import { type BindingTerms, readTerms } from './binding-terms.ts';
import type { Condition, ConditionRow } from './condition.ts';
import type { DecidedBinding, Decision } from './decide.ts';
import type { FailedRow, HeldBack, Hindrance } from './held-back.ts';
import type { Binding } from './queries.ts';

/**
 * A condition that did not hold: {@link BindingTerms.id}, then the indexes (from 0) of the rows that did not hold; no indexes
 * if the condition is an expression. It is this short because every binding may hold back every client message, and the record
 * would otherwise be larger than the message.
 */
type KeptByTerms = [terms: number, ...rows: number[]];

/** Property values that the entries after it refer to. */
interface Found {
  found: Record<string, Json>;
}

/** Why the expression of the entry before it could not be evaluated. */
interface Fault {
  fault: string;
}

type KeptBinding = DecidedBinding & Pick<Binding, 'event'>;

/**
 * The reasons of held-back bindings, as stored: conditions as {@link KeptByTerms}, everything else in full. Concatenated lists
 * can be read as one.
 */
export type KeptHeldBack = (HeldBack | KeptByTerms | Found | Fault)[];

/** Encodes the reasons of held-back bindings for storage. `terms`: ids of the stored conditions, by binding id. */
export function toKept(
  decisions: readonly Decision<KeptBinding>[],
  terms: Pick<ReadonlyMap<string, number>, 'get'>,
): KeptHeldBack {
  const known = new Map<string, Json>();
  return decisions.flatMap(({ binding, hindrance }): KeptHeldBack => {
    if (!hindrance) return [];
    const { id, event, processName, conditions } = binding;
    const kept = terms.get(id);
    if (kept !== undefined && hindrance.kind === 'expression') {
      const { fault } = hindrance;
      return fault === null ? [[kept]] : [[kept], { fault }];
    }
    if (kept === undefined || hindrance.kind !== 'rows' || conditions?.kind !== 'rows') {
      return [{ event, bindingId: id, processName, hindrance }];
    }
    const { rows } = conditions;
    const fresh = hindrance.failed.filter((failed) => isNews(known, failed));
    const found = Object.fromEntries(fresh.map(({ row, found: value }) => [row.property, value]));
    const places = hindrance.failed.map(({ row }) => rows.indexOf(row));
    return [...(fresh.length > 0 ? [{ found }] : []), [kept, ...places]];
  });
}

function isNews(known: Map<string, Json>, { row: { property }, found }: FailedRow): boolean {
  const isKnown = known.has(property) && known.get(property) === found;
  known.set(property, found);
  return !isKnown;
}

/** Decodes a stored list, with the conditions as they were at that time. */
export async function readHeldBack(db: Db, kept: KeptHeldBack): Promise<HeldBack[]> {
  const ids = kept.flatMap((one) => (Array.isArray(one) ? [one[0]] : []));
  return fromKept(kept, await readTerms(db, [...new Set(ids)]));
}

export function fromKept(all: KeptHeldBack, termsOf: Pick<ReadonlyMap<number, BindingTerms>, 'get'>): HeldBack[] {
  const known = new Map<string, Json>();
  return all.flatMap((kept, place): HeldBack[] => {
    if ('hindrance' in kept) return [kept];
    if ('found' in kept) for (const [property, value] of Object.entries(kept.found)) known.set(property, value);
    if (!Array.isArray(kept)) return [];
    const [id, ...rows] = kept;
    const terms = termsOf.get(id);
    if (!terms?.conditions) return [];
    const { bindingId, event, processName, conditions } = terms;
    const next = all[place + 1];
    const fault = next && 'fault' in next ? next.fault : null;
    return [{ event, bindingId, processName, hindrance: hindranceOf(conditions, rows, { known, fault }) }];
  });
}

function hindranceOf(
  condition: Condition,
  places: readonly number[],
  { known, fault }: { known: ReadonlyMap<string, Json>; fault: string | null },
): Hindrance {
  if (condition.kind === 'feel') return { kind: 'expression', expression: condition.expression, fault };
  const failed = places.flatMap((place) => {
    const row: ConditionRow | undefined = condition.rows[place];
    return row ? [{ row, found: known.get(row.property) ?? null }] : [];
  });
  return { kind: 'rows', failed };
}
