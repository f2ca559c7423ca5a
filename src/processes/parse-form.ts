import { z } from 'zod';
import { stringifyJson } from '../json.ts';
import type { Form, FormField, FormItem, FormText } from './form.ts';
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
  const keys = new Set<string>();
  for (const item of items) {
    if (item.kind === 'text') continue;
    if (keys.has(item.key)) throw new Error(`the key ${item.key} is used by two fields`);
    keys.add(item.key);
  }
  return { id: form.data.id, items };
}

function readComponent(raw: unknown, hide: string[] = []): FormItem[] {
  const parsed = componentSchema.safeParse(raw);
  if (!parsed.success) throw new PartError(`${nameOf(raw)}: ${issueOf(parsed.error)}`);
  try {
    const conditions = [...hide, ...conditionOf(parsed.data)];
    if (parsed.data.type === 'group') return readGroup(parsed.data, conditions);
    return readItem(parsed.data).map((item) => (conditions.length > 0 ? { ...item, hide: conditions } : item));
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

function readGroup(group: Component, hide: string[]): FormItem[] {
  if (group.path) throw new Error('a group with a path is not supported, for it nests its fields');
  const heading: FormText = { kind: 'text', text: `**${group.label}**`, ...(hide.length > 0 && { hide }) };
  return [...(group.label ? [heading] : []), ...(group.components ?? []).flatMap((part) => readComponent(part, hide))];
}

function readItem(component: Component): FormItem[] {
  if (ignoredTypes.has(component.type)) return [];
  if (component.type === 'text') return readText(component.text ?? '');
  if (component.type === 'image') return readImage(component);
  if (!isFieldType(component.type)) {
    throw new Error(`this type is not supported; supported are ${fieldTypes.join(', ')}, text, image and group`);
  }
  const field = readField(component, component.type, keyOf(component));
  return [component.disabled ? shownOnly(field) : field];
}

function isFieldType(type: string): type is FieldType {
  return fieldTypes.some((fieldType) => fieldType === type);
}

function keyOf({ key }: Component): string {
  if (!key) throw new Error('it has no key');
  if (key.includes('.')) throw new Error('a key with dots is not supported: a field fills one variable');
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(key)) throw new Error('its key is not a name that FEEL can use');
  if (reservedKeys.has(key)) throw new Error('its key is a reserved word');
  return key;
}

function readText(text: string): FormText[] {
  const mistake = textTemplateMistake(text);
  if (mistake) throw new Error(mistake);
  return text.trim() === '' ? [] : [{ kind: 'text', text }];
}

function readImage({ source, alt }: Component): FormText[] {
  if (!source?.startsWith('https://')) throw new Error('an image needs an https:// source');
  return [{ kind: 'text', text: `[${alt || source}](<${source}>)` }];
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
