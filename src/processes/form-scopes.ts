import { valueAt } from './form-path.ts';
import type { EntryPlace } from './place-items.ts';
import type { Json, Variables } from './value-types.ts';

/**
 * The variables that expressions see at a place: in an entry of a list or of nested lists, or outside of lists if `within` is
 * empty.
 */
export type Scopes = (within: EntryPlace[]) => Variables;

/** Variables that a list entry adds. */
interface Scope {
  this: Json;
  parent: Json;
  /** Index of each surrounding entry, from 1. */
  i: number[];
}

/**
 * As in form-js: everywhere the variables, and within a list `this` (the entry), `parent` (what surrounds it) and `i`. These
 * are also available as `_this_`, `_parent_` and `_i_`, since a variable with the same name takes precedence.
 */
export function createScopes(variables: Variables): Scopes {
  const known = new Map<EntryPlace[], Variables>();
  return (within) => {
    const seen = known.get(within) ?? seenIn(scopeOf(variables, within), variables);
    known.set(within, seen);
    return seen;
  };
}

function scopeOf(variables: Variables, within: EntryPlace[]): Scope {
  let scope: Scope = { this: variables, parent: null, i: [] };
  for (const { key, number } of within) {
    const entry = valueAt(variables, key) ?? null;
    scope = { this: entry, parent: seenIn(scope, scope.this), i: [...scope.i, number] };
  }
  return scope;
}

function seenIn(scope: Scope, entries: Json): Variables {
  const { this: entry, parent, i } = scope;
  const named = typeof entries === 'object' && !Array.isArray(entries) ? entries : {};
  return { this: entry, parent, i, ...named, _this_: entry, _parent_: parent, _i_: i };
}
