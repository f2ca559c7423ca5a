import {
  type Form,
  type FormField,
  type FormFormula,
  type FormItem,
  type FormList,
  type FormText,
  holdsValue,
} from './form.ts';
import { valueAt, withValueAt } from './form-path.ts';
import { mostEntries } from './form-room.ts';
import { firstEntries, fitEntries, type ListEntries } from './list-entries.ts';
import type { Json, Variables } from './value-types.ts';

/** An entry of a list: the path of its value, and its position, from 1. */
export interface EntryPlace {
  key: string;
  number: number;
}

/** The position of an item in a form with lists. */
export interface Place {
  /** The entries around it, outermost first. */
  within: EntryPlace[];
  /** The lists of those entries. */
  lists: PlacedList[];
}

/** The id identifies a field while the form is filled in; it stays the same when an earlier entry is removed. */
export type PlacedField = FormField & { id: string };

/** The heading of a list entry. */
export interface EntryHead {
  kind: 'entry';
  listId: string;
  /** See {@link ListEntries}. */
  entry: number;
  /** From 1. */
  number: number;
  isRemovable: boolean;
}

/** A list, placed after its entries. */
export interface PlacedList extends Pick<FormList, 'kind' | 'hide' | 'isFixed'>, Place {
  /** The path of its value. */
  key: string;
  id: string;
  entries: ListEntries;
  /** Number of entries without room; they are kept unchanged. */
  notShown: number;
  hasRoom: boolean;
  /** The list's value without that of its fields; undefined: it has no fields, and is not submitted. */
  value: Json[] | undefined;
}

export type PlacedItem = PlacedField | FormText | FormFormula | EntryHead | PlacedList;

export interface Placed extends Place {
  item: PlacedItem;
}

export interface PlacedItems {
  placed: Placed[];
  /** Outer lists before inner ones. */
  lists: PlacedList[];
  /** The variables in which each list has its shown entries first, then the others. */
  variables: Variables;
}

/**
 * The items of a form, with those of its lists repeated for each entry and keys that lead into the entry. `entriesOf`: the
 * current entries of a list; undefined: the initial ones.
 */
export function placeItems(
  form: Form,
  given: Variables,
  entriesOf: (listId: string) => ListEntries | undefined,
): PlacedItems {
  const most = mostEntries(form.items);
  const all: PlacedList[] = [];
  let variables = given;

  const placeAll = (items: FormItem[], key: string, id: string, place: Place): Placed[] =>
    items.flatMap((item) => {
      if (item.kind === 'text') return [{ ...place, item }];
      if (item.kind === 'list') return placeList(item, key + item.key, id + item.key, place);
      const placed = { ...item, key: key + item.key };
      return [{ ...place, item: placed.kind === 'field' ? { ...placed, id: id + item.key } : placed }];
    });

  const placeList = (list: FormList, key: string, id: string, place: Place): Placed[] => {
    const { kind, hide = [], isFixed = false, items, repetitions } = list;
    const before = valueAt(variables, key);
    const known = Array.isArray(before) ? before : Array<Json>(Math.min(repetitions, most)).fill({});
    const entries = fitEntries(entriesOf(id) ?? firstEntries(known.length, most), known.length, most);
    const { shown } = entries;
    const rest = known.slice(entries.rest);
    const value = holdsValue(items) ? [...shown.map(() => ({})), ...rest] : undefined;
    const [notShown, hasRoom] = [rest.length, shown.length < most];
    const placed: PlacedList = { ...place, kind, hide, isFixed, key, id, entries, notShown, hasRoom, value };
    all.push(placed);
    variables = withValueAt(variables, key, [...shown.map((entry) => contextOf(known[entry])), ...rest]);
    const ofEntries = shown.flatMap((entry, at) => {
      const entryKey = `${key}.${at}`;
      const within = [...place.within, { key: entryKey, number: at + 1 }];
      const inside = { within, lists: [...place.lists, placed] };
      const head: EntryHead = { kind: 'entry', listId: id, entry, number: at + 1, isRemovable: !isFixed };
      return [{ ...inside, item: head }, ...placeAll(items, `${entryKey}.`, `${id}.#${entry}.`, inside)];
    });
    return [...ofEntries, { ...place, item: placed }];
  };

  const placed = placeAll(form.items, '', '', { within: [], lists: [] });
  return { placed, lists: all, variables };
}

/** As in form-js, an entry that is not a context counts as empty. */
function contextOf(entry: Json | undefined): Json {
  return typeof entry === 'object' && entry !== null && !Array.isArray(entry) ? entry : {};
}
