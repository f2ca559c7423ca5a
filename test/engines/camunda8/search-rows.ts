import { Problem } from './problem.ts';

/** A row of the search index, with further fields to search by. */
export interface Indexed {
  shown: Record<string, unknown>;
  hidden?: Record<string, unknown>;
}

interface SearchBody {
  filter?: Record<string, unknown>;
  sort?: { field: string; order?: string }[];
  page?: { from?: number; limit?: number; after?: string };
}

const defaultLimit = 100;

/** Finds rows like the cluster's searches. `fields`: the searchable fields. */
export function searchRows(rows: Indexed[], body: SearchBody, fields: readonly string[]) {
  for (const name of Object.keys(body.filter ?? {})) if (!fields.includes(name)) throw cannotParse(`filter.${name}`);
  for (const name of Object.keys(body)) if (!['filter', 'sort', 'page'].includes(name)) throw cannotParse(name);
  const { limit = defaultLimit, after, from = 0 } = body.page ?? {};
  if (limit < 1 || limit > 10_000) throw new Problem(400, 'INVALID_ARGUMENT', `The value for limit is '${limit}'`);
  const found = rows.filter((row) => Object.entries(body.filter ?? {}).every(([name, want]) => fits(row, name, want)));
  for (const { field, order = 'ASC' } of (body.sort ?? []).toReversed()) {
    const sign = order === 'DESC' ? -1 : 1;
    found.sort((a, b) => sign * compare(valueIn(a, field), valueIn(b, field)));
  }
  const first = after === undefined ? from : Number(Buffer.from(after, 'base64').toString()) || 0;
  const items = found.slice(first, first + limit);
  const endCursor = Buffer.from(String(first + items.length)).toString('base64');
  return {
    items: items.map(({ shown }) => shown),
    page: { totalItems: found.length, hasMoreTotalItems: false, ...(items.length > 0 && { endCursor }) },
  };
}

const cannotParse = (name: string) => new Problem(400, 'Bad Request', `Request property [${name}] cannot be parsed`);

const valueIn = ({ shown, hidden }: Indexed, name: string): unknown => shown[name] ?? hidden?.[name];

function fits(row: Indexed, name: string, want: unknown): boolean {
  const value = valueIn(row, name);
  if (Array.isArray(want)) return want.every((one) => Array.isArray(value) && value.includes(one));
  if (typeof want !== 'object' || want === null) return value === want;
  return Object.entries(want).every(([operator, operand]) => {
    switch (operator) {
      case '$eq':
        return value === operand;
      case '$neq':
        return value !== operand;
      case '$in':
        return (operand as unknown[]).includes(value);
      case '$notIn':
        return !(operand as unknown[]).includes(value);
      case '$exists':
        return (value !== undefined) === operand;
      case '$gte':
        return value !== undefined && compare(value, operand) >= 0;
      case '$lte':
        return value !== undefined && compare(value, operand) <= 0;
      default:
        throw cannotParse(`filter.${name}.${operator}`);
    }
  });
}

/** Compares dates as well as keys: both are texts of equal length. */
function compare(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return (a as string) < (b as string) ? -1 : 1;
}
