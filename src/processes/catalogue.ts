import { languages } from '../words/languages.ts';
import type { ProcessDefinition } from './process-definition.ts';
import { searchText, searchWords } from './search-text.ts';

export interface CatalogueGroup {
  /** `CRM` or `CRM / Leads`; undefined: the company. */
  scope: string | undefined;
  definitions: ProcessDefinition[];
}

export interface CatalogueSearch {
  /** Company first, then by workspace and app; none is empty. */
  groups: CatalogueGroup[];
  /** How many more match than `limit` let in. */
  more: number;
}

/** Every process that can be started, ready to be searched on every keystroke. Does not change; make a new one. */
export interface Catalogue {
  readonly size: number;
  get(id: string): ProcessDefinition | undefined;
  /**
   * The definitions that have every word of `query` in their name, description, workspace or app, whatever the case and
   * accents, but those that are switched off. An empty query finds all. Of more than `limit` (Slack: 100 options) the most relevant stay.
   */
  search(query: string, options?: { limit?: number; withOff?: boolean }): CatalogueSearch;
}

interface Entry {
  definition: ProcessDefinition;
  group: string | undefined;
  /** All of these are made comparable by searchText(). */
  name: string;
  scope: string;
  description: string;
  all: string;
}

/** Slack: an external select shows at most 100 options. */
const defaultLimit = 100;

/** Whoever searches types it in their own. */
const companyInAllLanguages = Object.values(languages)
  .map((texts) => texts['scope.company'])
  .join(' ');

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Builds the catalogue. Of definitions with the same id the last one counts. */
export function createCatalogue(definitions: Iterable<ProcessDefinition>): Catalogue {
  const byId = new Map([...definitions].map((definition) => [definition.id, definition]));
  // Entries are kept in the order of the answer, so that a search only picks and never sorts.
  const all = [...byId.values()].sort(compareDefinitions).map(entryOf);
  const started = all.filter(({ definition }) => !definition.isOff);
  return {
    size: byId.size,
    get: (id) => byId.get(id),
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

/** Where a definition belongs, in the company's own words: `CRM` or `CRM / Leads`; undefined: to the company. */
export function scopeOf({ workspace, app }: Pick<ProcessDefinition, 'workspace' | 'app'>): string | undefined {
  if (workspace === undefined) return undefined;
  return app === undefined ? workspace : `${workspace} / ${app}`;
}

function compareDefinitions(a: ProcessDefinition, b: ProcessDefinition): number {
  if ((a.workspace === undefined) !== (b.workspace === undefined)) return a.workspace === undefined ? -1 : 1;
  return (
    collator.compare(a.workspace ?? '', b.workspace ?? '') ||
    collator.compare(a.app ?? '', b.app ?? '') ||
    // The collator takes `CRM` and `Crm` for equal; groups are told apart by their exact name.
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
  // People who know where a process runs search by that too.
  const description = searchText([definition.engine, definition.description].filter(Boolean).join(' '));
  return { definition, group: scopeOf(definition), name, scope, description, all: `${name}${scope}${description}` };
}

/** The `limit` best entries, equally relevant ones in the entries' order; and how many more there are. */
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

/** Groups in their order, the most relevant first within each. */
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
