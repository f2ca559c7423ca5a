import { languages } from '../words/languages.ts';
import type { ProcessDefinition } from './process-definition.ts';
import { createSearchIndex, type SearchedTexts, type SearchIndex } from './search-index.ts';
import { searchText, searchWords } from './search-text.ts';

export interface CatalogueGroup {
  /** `CRM` or `CRM / Leads`; undefined for the company. */
  scope: string | undefined;
  definitions: ProcessDefinition[];
}

export interface CatalogueSearch {
  /** The company first, then by workspace and app; without empty groups. */
  groups: CatalogueGroup[];
  /** Number of further matches beyond `limit`. */
  more: number;
}

/** Every process that can be started, indexed for a search on every keystroke. Immutable. */
export interface Catalogue {
  readonly size: number;
  get(id: string): ProcessDefinition | undefined;
  /** All definitions, also those that are switched off, in the order of a search's results. */
  list(): readonly ProcessDefinition[];
  /**
   * The definitions with every word of `query` in their name, description, workspace or app, ignoring case and accents, without
   * those that are switched off. An empty query matches all. If there are more than `limit` (Slack: 100 options), the most
   * relevant are returned.
   */
  search(query: string, options?: { limit?: number; withOff?: boolean }): CatalogueSearch;
}

/** Slack: an external select shows at most 100 options. */
const defaultLimit = 100;

/** The scope *Company* in every language, since people search in their own. */
const companyInAllLanguages = Object.values(languages)
  .map((texts) => texts['scope.company'])
  .join(' ');

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Builds the catalogue. If several definitions have the same id, the last one counts. */
export function createCatalogue(definitions: Iterable<ProcessDefinition>): Catalogue {
  const byId = new Map([...definitions].map((definition) => [definition.id, definition]));
  // Sorted once in the order of results, so that a search only filters.
  const all = inOrder([...byId.values()]);
  const started = all.filter(({ isOff }) => !isOff);
  // Built by the first search: many catalogues are replaced or only listed before anybody searches them.
  let index: SearchIndex | undefined;
  const relevances = (words: string[]) => {
    index ??= createSearchIndex(all.map(searchedTexts));
    return index.relevances(words);
  };
  return {
    size: byId.size,
    get: (id) => byId.get(id),
    list: () => all,
    search(query, { limit = defaultLimit, withOff = false } = {}) {
      const words = searchWords(query);
      if (words.length === 0) {
        // A query of nothing but punctuation is still a query.
        const found = query.trim() !== '' ? [] : withOff ? all : started;
        return { groups: grouped(found.slice(0, limit)), more: Math.max(0, found.length - limit) };
      }
      const { best, count } = mostRelevant(all, relevances(words), { limit, withOff });
      return { groups: grouped(best), more: count - best.length };
    },
  };
}

/** The scope of a definition as people see it: `CRM` or `CRM / Leads`; undefined for the company. */
export function scopeOf({ workspace, app }: Pick<ProcessDefinition, 'workspace' | 'app'>): string | undefined {
  if (workspace === undefined) return undefined;
  return app === undefined ? workspace : `${workspace} / ${app}`;
}

/** By scope, then by name. The scopes are sorted apart, because there are few of them and comparing them takes long. */
function inOrder(definitions: readonly ProcessDefinition[]): ProcessDefinition[] {
  const byScope = new Map<string | undefined, ProcessDefinition[]>();
  for (const definition of definitions) {
    const scope = scopeOf(definition);
    const others = byScope.get(scope);
    if (others) others.push(definition);
    else byScope.set(scope, [definition]);
  }
  const scopes = [...byScope.values()].flatMap(([first, ...others]) =>
    first ? { first, all: [first, ...others] } : [],
  );
  return scopes.sort((a, b) => compareScopes(a.first, b.first)).flatMap(({ all }) => all.sort(compareNames));
}

function compareScopes(a: ProcessDefinition, b: ProcessDefinition): number {
  if ((a.workspace === undefined) !== (b.workspace === undefined)) return a.workspace === undefined ? -1 : 1;
  return (
    collator.compare(a.workspace ?? '', b.workspace ?? '') ||
    collator.compare(a.app ?? '', b.app ?? '') ||
    // The collator treats `CRM` and `Crm` as equal; groups are distinguished by their exact name.
    compareExactly(scopeOf(a) ?? '', scopeOf(b) ?? '')
  );
}

const compareNames = (a: ProcessDefinition, b: ProcessDefinition): number =>
  collator.compare(a.name, b.name) || compareExactly(a.id, b.id);

function compareExactly(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function searchedTexts(definition: ProcessDefinition): SearchedTexts {
  const { name, engine, description } = definition;
  return {
    name: searchText(name),
    scope: searchText(scopeOf(definition) ?? companyInAllLanguages),
    // The engine's name can be searched as well.
    description: searchText([engine, description].filter(Boolean).join(' ')),
  };
}

/** The `limit` most relevant definitions, equally relevant ones in catalogue order; and how many are relevant. */
function mostRelevant(
  definitions: readonly ProcessDefinition[],
  relevances: Uint32Array,
  { limit, withOff }: { limit: number; withOff: boolean },
): { best: ProcessDefinition[]; count: number } {
  const positions = new Map<number, number[]>();
  let count = 0;
  for (let position = 0; position < relevances.length; position += 1) {
    const relevance = relevances[position] ?? 0;
    if (relevance === 0 || (definitions[position]?.isOff && !withOff)) continue;
    count += 1;
    const equals = positions.get(relevance);
    if (!equals) positions.set(relevance, [position]);
    else if (equals.length < limit) equals.push(position);
  }
  const ranked = [...positions].sort(([a], [b]) => b - a).flatMap(([, equals]) => equals);
  return { best: inGroups(definitions, ranked.slice(0, limit)), count };
}

/** Groups in catalogue order, the most relevant definitions first within each. */
function inGroups(definitions: readonly ProcessDefinition[], ranked: readonly number[]): ProcessDefinition[] {
  const found = ranked.flatMap((position, rank) => {
    const definition = definitions[position];
    return definition ? [{ definition, position, rank, scope: scopeOf(definition) }] : [];
  });
  found.sort((a, b) => (a.scope === b.scope ? 0 : a.position - b.position) || a.rank - b.rank);
  return found.map(({ definition }) => definition);
}

function grouped(definitions: readonly ProcessDefinition[]): CatalogueGroup[] {
  const groups: CatalogueGroup[] = [];
  for (const definition of definitions) {
    const scope = scopeOf(definition);
    const last = groups.at(-1);
    if (last && last.scope === scope) last.definitions.push(definition);
    else groups.push({ scope, definitions: [definition] });
  }
  return groups;
}
