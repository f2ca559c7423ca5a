import { languages } from '../words/languages.ts';
import type { ProcessDefinition } from './process-definition.ts';
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
  list(): ProcessDefinition[];
  /**
   * The definitions with every word of `query` in their name, description, workspace or app, ignoring case and accents, without
   * those that are switched off. An empty query matches all. If there are more than `limit` (Slack: 100 options), the most
   * relevant are returned.
   */
  search(query: string, options?: { limit?: number; withOff?: boolean }): CatalogueSearch;
}

interface Entry {
  definition: ProcessDefinition;
  group: string | undefined;
  /** All of these are normalised by searchText(). */
  name: string;
  scope: string;
  description: string;
  all: string;
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
  const all = [...byId.values()].sort(compareDefinitions).map(entryOf);
  const started = all.filter(({ definition }) => !definition.isOff);
  return {
    size: byId.size,
    get: (id) => byId.get(id),
    list: () => all.map(({ definition }) => definition),
    search(query, { limit = defaultLimit, withOff = false } = {}) {
      const entries = withOff ? all : started;
      const words = searchWords(query);
      if (words.length === 0) {
        // A query of nothing but punctuation is still a query.
        const found = query.trim() === '' ? entries : [];
        return { groups: grouped(found.slice(0, limit)), more: Math.max(0, found.length - limit) };
      }
      const found = mostRelevant(entries, words, limit);
      return { groups: grouped(found.best), more: found.more };
    },
  };
}

/** The scope of a definition as people see it: `CRM` or `CRM / Leads`; undefined for the company. */
export function scopeOf({ workspace, app }: Pick<ProcessDefinition, 'workspace' | 'app'>): string | undefined {
  if (workspace === undefined) return undefined;
  return app === undefined ? workspace : `${workspace} / ${app}`;
}

function compareDefinitions(a: ProcessDefinition, b: ProcessDefinition): number {
  if ((a.workspace === undefined) !== (b.workspace === undefined)) return a.workspace === undefined ? -1 : 1;
  return (
    collator.compare(a.workspace ?? '', b.workspace ?? '') ||
    collator.compare(a.app ?? '', b.app ?? '') ||
    // The collator treats `CRM` and `Crm` as equal; groups are distinguished by their exact name.
    compareExactly(scopeOf(a) ?? '', scopeOf(b) ?? '') ||
    collator.compare(a.name, b.name) ||
    compareExactly(a.id, b.id)
  );
}

function compareExactly(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function entryOf(definition: ProcessDefinition): Entry {
  const name = searchText(definition.name);
  const scope = searchText(scopeOf(definition) ?? companyInAllLanguages);
  // The engine's name can be searched as well.
  const description = searchText([definition.engine, definition.description].filter(Boolean).join(' '));
  return { definition, group: scopeOf(definition), name, scope, description, all: `${name}${scope}${description}` };
}

/** The `limit` most relevant entries, equally relevant ones in catalogue order; and how many more there are. */
function mostRelevant(entries: Entry[], words: string[], limit: number): { best: Entry[]; more: number } {
  const byRelevance = new Map<number, Entry[]>();
  let count = 0;
  const needles = words.map((word) => ({ inside: word, beginning: ` ${word}`, whole: ` ${word} ` }));
  const phrase = ` ${words.join(' ')}`;
  for (const entry of entries) {
    if (!needles.every(({ inside }) => entry.all.includes(inside))) continue;
    count += 1;
    let relevance = entry.name.startsWith(phrase) ? 10 : 0;
    for (const needle of needles) relevance += relevanceOf(entry, needle);
    const equals = byRelevance.get(relevance);
    if (equals) equals.push(entry);
    else byRelevance.set(relevance, [entry]);
  }
  const ranked = [...byRelevance].sort(([a], [b]) => b - a);
  const best: Entry[] = [];
  for (const [, equals] of ranked) {
    best.push(...equals.slice(0, limit - best.length));
    if (best.length >= limit) break;
  }
  return { best: inGroups(best), more: count - best.length };
}

function relevanceOf(entry: Entry, { inside, beginning, whole }: { inside: string; beginning: string; whole: string }) {
  if (entry.name.includes(beginning)) return entry.name.includes(whole) ? 9 : 8;
  if (entry.name.includes(inside)) return 5;
  if (entry.scope.includes(beginning)) return 4;
  if (entry.description.includes(beginning)) return 3;
  return entry.scope.includes(inside) ? 2 : 1;
}

/** Groups in catalogue order, the most relevant entries first within each. */
function inGroups(ranked: Entry[]): Entry[] {
  const rank = new Map(ranked.map((entry, index) => [entry, index]));
  return ranked.toSorted(
    (a, b) =>
      (a.group === b.group ? 0 : compareDefinitions(a.definition, b.definition)) ||
      (rank.get(a) ?? 0) - (rank.get(b) ?? 0),
  );
}

function grouped(entries: Entry[]): CatalogueGroup[] {
  const groups: CatalogueGroup[] = [];
  for (const { group, definition } of entries) {
    const last = groups.at(-1);
    if (last && last.scope === group) last.definitions.push(definition);
    else groups.push({ scope: group, definitions: [definition] });
  }
  return groups;
}
