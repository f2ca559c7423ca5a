import { z } from 'zod';
import { stringifyJson } from '../json.ts';
import {
  type Form,
  type FormField,
  type FormFormula,
  type FormItem,
  type FormList,
  type FormText,
  holdsValue,
} from './form.ts';
import { expressionIn, expressionMistake } from './form-expressions.ts';
import { maximumFormItems, mostEntries, roomFor } from './form-room.ts';
import { type Component, componentSchema, formSchema } from './form-schema.ts';
import { type FieldType, fieldTypes, readField } from './read-field.ts';
import { readJson } from './read-json.ts';
import { textTemplateMistake } from './text-template.ts';
import { watched } from './watched-fields.ts';

/** Components that only affect the look; a modal has its own submit button. */
const ignoredTypes = new Set(['separator', 'spacer', 'button']);
const supportedTypes = [...fieldTypes, 'text', 'html', 'image', 'group', 'dynamiclist', 'expression'];
/** Words that a FEEL expression cannot use as a variable, and variables that every instance already has. */
const reservedKeys = new Set(
  'and between else every false for function if in instance not null of or return satisfies some then true sessionId __proto__'.split(
    ' ',
  ),
);

/**
 * Parses a Camunda Form (form-js JSON).
 *
 * Groups are flattened: their parts get the group's condition. A dynamic list keeps its parts, which are repeated when the form
 * is shown. Separators, spacers and buttons are left out. A disabled field becomes a text that shows its variable, since
 * form-js submits no value of it. Everything else that Kickoff cannot show as intended is rejected rather than skipped.
 *
 * @throws Error with a reason that names the component by type, label and key.
 */
export function parseForm(text: string): Form {
  const form = formSchema.safeParse(readJson(text));
  if (!form.success) throw new Error(`the form ${form.error.issues[0]?.message ?? 'is not readable'}`);
  const items = watched(form.data.components.flatMap((component) => readComponent(component)));
  const count = roomFor(items, 1);
  if (count > maximumFormItems) {
    throw new Error(`the form has ${count} fields and texts; a Slack modal has room for ${maximumFormItems}`);
  }
  assertRepetitions(items, mostEntries(items));
  assertKeysApart(items);
  return { id: form.data.id, items };
}

/** Rejects two fields for one variable, or one nested in the other: they would overwrite each other. */
function assertKeysApart(items: FormItem[]): void {
  const keys = new Set<string>();
  for (const item of items) {
    if (item.kind === 'text') continue;
    if (item.kind === 'list') assertKeysApart(item.items);
    if (keys.has(item.key)) throw new Error(`the key ${item.key} is used by two fields`);
    keys.add(item.key);
  }
  for (const key of keys) {
    const parts = key.split('.');
    const outer = parts.map((_, at) => parts.slice(0, at).join('.')).find((prefix) => keys.has(prefix));
    if (outer !== undefined) throw new Error(`the key ${key} is within the field ${outer}`);
  }
}

/** Rejects a fixed list with more entries than a modal can show. */
function assertRepetitions(items: FormItem[], most: number): void {
  for (const item of items) {
    if (item.kind !== 'list') continue;
    if (item.isFixed && item.repetitions > most) {
      throw new Error(
        `the list ${item.key} always has ${item.repetitions} entries; a Slack modal has room for ${most}`,
      );
    }
    assertRepetitions(item.items, most);
  }
}

/** The id of a form, even if the rest is invalid; undefined if it has none. */
export function formIdOf(text: string): string | undefined {
  try {
    return z.object({ id: z.string().min(1) }).safeParse(readJson(text)).data?.id;
  } catch {
    // parseForm reports the mistake.
    return undefined;
  }
}

/** The position of a component: conditions and path of the surrounding groups, relative to the entry if it is in a list. */
interface Place {
  hide: string[];
  path: string[];
  isInEntry: boolean;
}

const onTop: Place = { hide: [], path: [], isInEntry: false };

function readComponent(raw: unknown, { hide, ...place }: Place = onTop): FormItem[] {
  const parsed = componentSchema.safeParse(raw);
  if (!parsed.success) throw new PartError(`${nameOf(raw)}: ${issueOf(parsed.error)}`);
  try {
    const conditions = [...hide, ...conditionOf(parsed.data)];
    const read = parsed.data.type === 'dynamiclist' ? readList : readItem;
    if (isGroup(parsed.data)) return readGroup(parsed.data, { ...place, hide: conditions });
    return read(parsed.data, place).map((item) => (conditions.length > 0 ? { ...item, hide: conditions } : item));
  } catch (cause) {
    if (!(cause instanceof Error) || cause instanceof PartError) throw cause;
    throw new PartError(`${nameOf(raw)}: ${cause.message}`, { cause });
  }
}

/** An error whose message already names the component. */
class PartError extends Error {
  override readonly name = 'PartError';
}

/** form-js only hides by a condition that is marked as an expression. */
function conditionOf({ conditional }: Component): string[] {
  const condition = expressionIn(conditional?.hide ?? '');
  if (condition === undefined) return [];
  const mistake = expressionMistake(condition);
  if (mistake) throw new Error(`conditional.hide: ${mistake}`);
  return [condition];
}

/** As in form-js, a dynamic list that does not repeat is a group. */
function isGroup({ type, isRepeating = true }: Component): boolean {
  return type === 'group' || (type === 'dynamiclist' && !isRepeating);
}

function readGroup(group: Component, place: Place): FormItem[] {
  const { hide, path } = place;
  const within = { ...place, path: group.path ? [...path, ...namesIn(group.path, 'path')] : path };
  return [
    ...headingOf(group).map((text) => (hide.length > 0 ? { ...text, hide } : text)),
    ...(group.components ?? []).flatMap((part) => readComponent(part, within)),
  ];
}

function headingOf({ label }: Component): FormText[] {
  return label ? readText(`**${label}**`) : [];
}

/** Defaults are those of Modeler's dynamic list: one entry at first, and entries can be removed. */
function readList(list: Component, { path }: Omit<Place, 'hide'>): (FormText | FormList)[] {
  const { defaultRepetitions: repetitions = 1, allowAddRemove = true } = list;
  if (!list.path) throw new Error('it has no path');
  if (!Number.isInteger(repetitions) || repetitions < 0)
    throw new Error('defaultRepetitions must be a whole number from 0');
  const items = (list.components ?? []).flatMap((part) => readComponent(part, { ...onTop, isInEntry: true }));
  if (items.length === 0) return headingOf(list);
  const key = [...path, ...namesIn(list.path, 'path')].join('.');
  const isFixed = !allowAddRemove || !holdsValue(items);
  return [...headingOf(list), { kind: 'list', key, items, repetitions, ...(isFixed && { isFixed }) }];
}

function readItem(component: Component, { path, isInEntry }: Omit<Place, 'hide'>): FormItem[] {
  if (ignoredTypes.has(component.type)) return [];
  if (component.type === 'text') return readText(component.text ?? '');
  if (component.type === 'html') return readText(component.content ?? '').map((text) => ({ ...text, isHtml: true }));
  if (component.type === 'image') return readImage(component);
  const key = () => [...path, ...keyOf(component)].join('.');
  if (component.type === 'expression') return [readFormula(component, key())];
  if (!isFieldType(component.type)) {
    throw new Error(`this type is not supported; supported are ${supportedTypes.join(', ')}`);
  }
  const field = readField(component, component.type, key());
  return [component.disabled ? shownOnly(field, isInEntry) : field];
}

function readFormula({ expression = '' }: Component, key: string): FormFormula {
  const formula = expressionIn(expression);
  if (formula === undefined) throw new Error('its expression has no = in front');
  const mistake = expressionMistake(formula);
  if (mistake) throw new Error(mistake);
  return { kind: 'formula', key, expression: formula };
}

function isFieldType(type: string): type is FieldType {
  return fieldTypes.some((fieldType) => fieldType === type);
}

function keyOf({ key }: Component): string[] {
  if (!key) throw new Error('it has no key');
  return namesIn(key, 'key');
}

/** The names in a dotted key or path. */
function namesIn(path: string, what: 'key' | 'path'): string[] {
  const names = path.split('.');
  for (const name of names) {
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) throw new Error(`its ${what} is not a name that FEEL can use`);
    if (reservedKeys.has(name)) throw new Error(`its ${what} is a reserved word`);
  }
  return names;
}

function readText(text: string): FormText[] {
  const mistake = textTemplateMistake(text);
  if (mistake) throw new Error(mistake);
  return text.trim() === '' ? [] : [{ kind: 'text', text }];
}

/**
 * An image is shown as a link: Slack would fetch the image itself, and need not know its address. Without a web address, such
 * as for an image in the form itself (`data:`), its alternative text is shown.
 */
function readImage({ source = '', alt = '' }: Component): FormText[] {
  const isComputed = source.startsWith('=') || source.startsWith('{{');
  const label = alt.startsWith('=') ? `{{${alt.slice(1)}}}` : alt;
  if (!isComputed && !/^https?:\/\//i.test(source)) return readText(label);
  const address = source.startsWith('=') ? `{{${source.slice(1)}}}` : source;
  return readText(isComputed ? `[${label || 'Image'}](${address})` : `[${label || source}](<${source}>)`);
}

function shownOnly({ label, key, defaultValue }: FormField, isInEntry: boolean): FormText {
  const given = isInEntry ? `this.${key}` : key;
  const value =
    defaultValue === undefined ? given : `if ${given} = null then ${stringifyJson(defaultValue)} else ${given}`;
  return { kind: 'text', text: `**${label}**: {{${value}}}` };
}

/** `textfield "E-mail" (clientEmail)`. */
function nameOf(raw: unknown): string {
  const { type, label, key } = z
    .object({
      type: z.string().catch('component'),
      label: z.string().catch(''),
      key: z.string().catch(''),
    })
    .catch({ type: 'component', label: '', key: '' })
    .parse(raw);
  return [type, label && `"${label}"`, key && `(${key})`].filter(Boolean).join(' ');
}

function issueOf(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.join('.')} ${issue?.message ?? 'is not readable'}`.trim();
}
