import { z } from 'zod';
import { stringifyJson } from '../json.ts';
import type { Form, FormField, FormFormula, FormItem, FormText } from './form.ts';
import { expressionIn, expressionMistake } from './form-expressions.ts';
import { type Component, componentSchema, formSchema } from './form-schema.ts';
import { type FieldType, fieldTypes, readField } from './read-field.ts';
import { readJson } from './read-json.ts';
import { textTemplateMistake } from './text-template.ts';
import { watched } from './watched-fields.ts';

/** Slack: a view has at most 100 blocks; some are the modal's own. */
export const maximumFormItems = 90;

/** Components that change nothing but looks; a modal has its own submit button. */
const ignoredTypes = new Set(['separator', 'spacer', 'button']);
const supportedTypes = [...fieldTypes, 'text', 'html', 'image', 'group', 'expression'];
/** Words that a FEEL expression cannot use as a variable, and the variable that every instance has already. */
const reservedKeys = new Set(
  'and between else every false for function if in instance not null of or return satisfies some then true sessionId __proto__'.split(
    ' ',
  ),
);

/**
 * Reads a Camunda Form (form-js JSON).
 *
 * Groups are flattened: their parts have the group's condition too. Separators, spacers and buttons are left out; a
 * disabled field becomes a text that shows its variable, for form-js submits no value of it. Everything else that Kickoff
 * cannot show as it is meant is refused rather than skipped.
 *
 * @throws Error with a reason that names the component by type, label and key.
 */
export function parseForm(text: string): Form {
  const form = formSchema.safeParse(readJson(text));
  if (!form.success) throw new Error(`the form ${form.error.issues[0]?.message ?? 'is not readable'}`);
  const items = watched(form.data.components.flatMap((component) => readComponent(component)));
  if (items.length > maximumFormItems) {
    throw new Error(`the form has ${items.length} fields and texts; a Slack modal has room for ${maximumFormItems}`);
  }
  assertKeysApart(items);
  return { id: form.data.id, items };
}

/** Two fields for one variable, or one within the other, would overwrite each other. */
function assertKeysApart(items: FormItem[]): void {
  const keys = new Set<string>();
  for (const item of items) {
    if (item.kind === 'text') continue;
    if (keys.has(item.key)) throw new Error(`the key ${item.key} is used by two fields`);
    keys.add(item.key);
  }
  for (const key of keys) {
    const parts = key.split('.');
    const outer = parts.map((_, at) => parts.slice(0, at).join('.')).find((prefix) => keys.has(prefix));
    if (outer !== undefined) throw new Error(`the key ${key} is within the field ${outer}`);
  }
}

/** The id of a form, whatever else is wrong with it; undefined if it cannot be told. */
export function formIdOf(text: string): string | undefined {
  try {
    return z.object({ id: z.string().min(1) }).safeParse(readJson(text)).data?.id;
  } catch {
    // The mistake is told by parseForm.
    return undefined;
  }
}

/** Where a component is: the conditions and the path of the groups around it. */
interface Place {
  hide: string[];
  path: string[];
}

function readComponent(raw: unknown, { hide, path }: Place = { hide: [], path: [] }): FormItem[] {
  const parsed = componentSchema.safeParse(raw);
  if (!parsed.success) throw new PartError(`${nameOf(raw)}: ${issueOf(parsed.error)}`);
  try {
    const conditions = [...hide, ...conditionOf(parsed.data)];
    if (parsed.data.type === 'group') return readGroup(parsed.data, { hide: conditions, path });
    return readItem(parsed.data, path).map((item) => (conditions.length > 0 ? { ...item, hide: conditions } : item));
  } catch (cause) {
    if (!(cause instanceof Error) || cause instanceof PartError) throw cause;
    throw new PartError(`${nameOf(raw)}: ${cause.message}`, { cause });
  }
}

/** Names the component already. */
class PartError extends Error {
  override readonly name = 'PartError';
}

/** form-js hides by a condition that is marked as an expression, and by no other. */
function conditionOf({ conditional }: Component): string[] {
  const condition = expressionIn(conditional?.hide ?? '');
  if (condition === undefined) return [];
  const mistake = expressionMistake(condition);
  if (mistake) throw new Error(`conditional.hide: ${mistake}`);
  return [condition];
}

function readGroup(group: Component, { hide, path }: Place): FormItem[] {
  const within = { hide, path: group.path ? [...path, ...namesIn(group.path, 'path')] : path };
  const heading: FormText[] = group.label ? readText(`**${group.label}**`) : [];
  return [
    ...heading.map((text) => (hide.length > 0 ? { ...text, hide } : text)),
    ...(group.components ?? []).flatMap((part) => readComponent(part, within)),
  ];
}

function readItem(component: Component, path: string[]): FormItem[] {
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
  return [component.disabled ? shownOnly(field) : field];
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

/** The names in a key or path with dots. */
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

/** An image is shown as a link to it: Slack would fetch it, and who may see it is not for Slack to know. */
function readImage({ source = '', alt = '' }: Component): FormText[] {
  const isComputed = source.startsWith('=') || source.startsWith('{{');
  if (!isComputed && !source.startsWith('https://')) throw new Error('an image needs an https:// source');
  const address = source.startsWith('=') ? `{{${source.slice(1)}}}` : source;
  const label = alt.startsWith('=') ? `{{${alt.slice(1)}}}` : alt;
  return readText(isComputed ? `[${label || 'Image'}](${address})` : `[${label || source}](<${source}>)`);
}

function shownOnly(field: FormField): FormText {
  const { label, key, defaultValue } = field;
  const value = defaultValue === undefined ? key : `if ${key} = null then ${stringifyJson(defaultValue)} else ${key}`;
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
