import type { Db } from '../db/client.ts';
import type { Json } from '../processes/value-types.ts';
import { type BindingTerms, readTerms } from './binding-terms.ts';
import type { ConditionRow } from './condition.ts';
import type { DecidedBinding, Decision } from './decide.ts';
import type { FailedRow, HeldBack, Hindrance } from './held-back.ts';
import type { Binding } from './queries.ts';

/**
 * What a condition held back, as short as it can be said: every message of a client may be held back by every binding, and
 * what is kept of it would be most of what a message costs.
 */
interface KeptByTerms {
  /** {@link BindingTerms.id} */
  terms: number;
  /** The places, from 0, of the rows that did not hold; absent: the condition is an expression. */
  rows?: number[];
  /** What was found of their properties, unless it is the same as before in the list. */
  found?: Record<string, Json>;
  /** Why the expression could not be evaluated. */
  fault?: string;
}

type KeptBinding = DecidedBinding & Pick<Binding, 'event'>;

/** Those by conditions in short, others as they are. Two lists that were written one after the other are read as one. */
export type KeptHeldBack = (HeldBack | KeptByTerms)[];

/** What decisions held back. `terms`: the ids under which the conditions of bindings are kept, by the binding's id. */
export function toKept(
  decisions: readonly Decision<KeptBinding>[],
  terms: Pick<ReadonlyMap<string, number>, 'get'>,
): KeptHeldBack {
  const known = new Map<string, Json>();
  return decisions.flatMap(({ binding, hindrance }) => {
    if (!hindrance) return [];
    const { id, event, processName, conditions } = binding;
    const kept = terms.get(id);
    if (kept !== undefined && hindrance.kind === 'expression') {
      return { terms: kept, ...(hindrance.fault !== null && { fault: hindrance.fault }) };
    }
    if (kept === undefined || hindrance.kind !== 'rows' || conditions?.kind !== 'rows') {
      return { event, bindingId: id, processName, hindrance };
    }
    const fresh = hindrance.failed.filter((failed) => isNews(known, failed));
    return {
      terms: kept,
      rows: hindrance.failed.map(({ row }) => conditions.rows.indexOf(row)),
      ...(fresh.length > 0 && { found: Object.fromEntries(fresh.map(({ row, found }) => [row.property, found])) }),
    };
  });
}

function isNews(known: Map<string, Json>, { row: { property }, found }: FailedRow): boolean {
  const isKnown = known.has(property) && known.get(property) === found;
  known.set(property, found);
  return !isKnown;
}

/** What was held back, with the terms as they were. */
export async function readHeldBack(db: Db, kept: KeptHeldBack): Promise<HeldBack[]> {
  const ids = kept.flatMap((one) => ('terms' in one ? [one.terms] : []));
  return fromKept(kept, await readTerms(db, [...new Set(ids)]));
}

export function fromKept(all: KeptHeldBack, termsOf: Pick<ReadonlyMap<number, BindingTerms>, 'get'>): HeldBack[] {
  const known = new Map<string, Json>();
  return all.flatMap((kept): HeldBack[] => {
    if (!('terms' in kept)) return [kept];
    for (const [property, value] of Object.entries(kept.found ?? {})) known.set(property, value);
    const terms = termsOf.get(kept.terms);
    const hindrance = terms && hindranceOf(kept, terms, known);
    if (!hindrance) return [];
    const { bindingId, event, processName } = terms;
    return [{ event, bindingId, processName, hindrance }];
  });
}

function hindranceOf(
  { rows = [], fault }: KeptByTerms,
  { conditions }: BindingTerms,
  known: ReadonlyMap<string, Json>,
): Hindrance | undefined {
  if (!conditions) return undefined;
  if (conditions.kind === 'feel')
    return { kind: 'expression', expression: conditions.expression, fault: fault ?? null };
  const failed = rows.flatMap((place) => {
    const row: ConditionRow | undefined = conditions.rows[place];
    return row ? [{ row, found: known.get(row.property) ?? null }] : [];
  });
  return { kind: 'rows', failed };
}
