import type { types } from '@slack/bolt';
import { UserFacingError } from '../../errors.ts';
import { own } from '../../own.ts';
import type { FieldOption, Form } from '../../processes/form.ts';
import { maximumFormItems } from '../../processes/form-room.ts';
import type { EntryHead, PlacedList } from '../../processes/place-items.ts';
import { type ShownField, type ShownForm, type ShownItem, showForm } from '../../processes/show-form.ts';
import type { Json, Variables } from '../../processes/value-types.ts';
import { type Message, message } from '../../words/message.ts';
import type { Words } from '../../words/words.ts';
import { addEntryActionId, addEntryValue, removeEntryActionId, removeEntryValue } from './carried-entries.ts';
import { fieldBlockId } from './field-block-id.ts';
import { fieldElement } from './field-element.ts';
import { leftOutLines, leftOutText } from './left-out.ts';
import { slackLimits } from './limits.ts';
import { authored, authoredHtml, joined, link, type Markup, markup, mention, say } from './markup.ts';
import { plainText, section } from './text-objects.ts';

export interface FormBlocksOptions {
  /** Distinguishes this form from others that the same modal shows, see {@link fieldBlockId}. */
  scope: string;
  /** Error messages to show at fields, by the field's key. */
  errors?: Readonly<Record<string, string>>;
  /** Why files are missing in a field's initial value, by the field's key. */
  leftOut?: Readonly<Record<string, Message[]>>;
}

/**
 * A form as blocks of a modal, at most one block per item. `variables` are used in texts, choice lists and initial values; a
 * value that does not fit its field is replaced by the field's default.
 */
export function formBlocks(
  words: Words,
  form: Form,
  variables: Variables,
  options: FormBlocksOptions,
): types.KnownBlock[] {
  return shownBlocks(words, showForm(form, { variables }), options);
}

/** The blocks of a form that is partly filled in (see form-values.ts). */
export function shownBlocks(words: Words, form: ShownForm, options: FormBlocksOptions): types.KnownBlock[] {
  const { length } = form.items;
  if (length > maximumFormItems) {
    throw new UserFacingError(message('form.tooLong', { count: length, most: maximumFormItems }));
  }
  const blocks = form.items.flatMap((item) => itemBlock(words, form, item, options));
  if (Buffer.byteLength(JSON.stringify(blocks)) > maximumBytes) throw new UserFacingError(message('form.tooLarge'));
  return blocks;
}

/** Slack: a view has at most 250,000 bytes; the rest is for the modal's own parts. */
const maximumBytes = 240_000;

function itemBlock(
  words: Words,
  form: ShownForm,
  item: ShownItem,
  options: FormBlocksOptions,
): types.KnownBlock | types.KnownBlock[] {
  switch (item.kind) {
    case 'text': {
      const write = item.isHtml ? authoredHtml : authored;
      return section(write(item.text, item.variables, form.evaluate));
    }
    case 'entry':
      return entryHead(words, item);
    case 'list':
      return listEnd(words, item);
    case 'field': {
      const leftOut = [...(own(options.leftOut ?? {}, item.key) ?? []), ...item.leftOut];
      const field = { ...item, leftOut };
      return item.readOnly ? section(readOnlyText(words, field)) : fieldBlock(words, field, options);
    }
  }
}

function entryHead(words: Words, { listId, entry, number, isRemovable }: EntryHead): types.SectionBlock {
  const head = section(markup`*${words('form.entry', { number: String(number) })}*`);
  if (!isRemovable) return head;
  const text = plainText(words('form.removeEntry'), slackLimits.buttonText);
  const value = removeEntryValue(listId, entry);
  return { ...head, accessory: { type: 'button', action_id: removeEntryActionId, text, value } };
}

/** The button that adds an entry, or the reason why there is none; nothing if nobody would expect it. */
function listEnd(words: Words, { id, entries, notShown, hasRoom, isFixed }: PlacedList): types.KnownBlock[] {
  const count = entries.shown.length;
  if (notShown > 0) return [section(say(words, 'form.entriesNotShown', { count: notShown }))];
  if (isFixed) return [];
  if (!hasRoom) return [section(say(words, 'form.entriesFull', { count }))];
  const text = plainText(words('form.addEntry'), slackLimits.buttonText);
  return [
    {
      type: 'actions',
      elements: [{ type: 'button', action_id: addEntryActionId, text, value: addEntryValue(id) }],
    },
  ];
}

function fieldBlock(words: Words, field: ShownField, { scope, errors = {} }: FormBlocksOptions): types.InputBlock {
  const { value: initial } = field;
  const hint = hintOf(words, field, initial, own(errors, field.key));
  return {
    type: 'input',
    block_id: fieldBlockId(scope, field.id),
    label: plainText(field.label, slackLimits.inputLabel),
    ...(hint ? { hint: plainText(hint, slackLimits.inputHint) } : {}),
    // Slack cannot show files as already entered; existing files count as the value.
    optional: !field.required || (field.type === 'files' && initial !== undefined),
    // Slack: a file input sends no event when it changes.
    ...(field.isWatched && field.type !== 'files' ? { dispatch_action: true } : {}),
    element: fieldElement(words, field, initial),
  };
}

function readOnlyText(words: Words, field: ShownField): Markup {
  const shown = markup`*${field.label}*: ${valueText(words, field)}`;
  const more = [...(field.description ? [field.description] : []), ...leftOutLines(words, field.leftOut)];
  return joined([shown, ...more], '\n');
}

/** A field's value as readable text. */
function valueText(words: Words, { type, value = null, options = [] }: ShownField): Markup {
  if (type === 'boolean') return say(words, value === true ? 'value.yes' : 'value.no');
  if (value === null || value === '') return markup`—`;
  switch (type) {
    case 'choice':
      return markup`${options.find((option) => option.value === value)?.label ?? String(value)}`;
    case 'choices':
      return markup`${options.flatMap((option) => (isIn(value, option) ? option.label : [])).join(', ') || '—'}`;
    case 'files':
      return markup`${fileNames(value)}`;
    case 'user':
      return mention(String(value));
    case 'link':
      return link(String(value));
    default:
      return joined(String(value).split('\n'), '\n');
  }
}

function isIn(list: Json, { value }: FieldOption): boolean {
  return Array.isArray(list) && list.includes(value);
}

function hintOf(words: Words, field: ShownField, initial: Json | undefined, error: string | undefined): string {
  const files = field.type === 'files' ? fileNames(initial) : '';
  const lines = [
    error && `⚠️ ${error}`,
    field.description,
    files && words('form.attached', { files }),
    leftOutText(words, field.leftOut),
  ];
  return lines.filter(Boolean).join('\n');
}

function fileNames(files: Json | undefined): string {
  return Array.isArray(files) ? files.map(fileName).join(', ') : '';
}

function fileName(file: Json): string {
  return typeof file === 'object' && file !== null && !Array.isArray(file) ? String(file.name) : '';
}
