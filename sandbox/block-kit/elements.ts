import type { JsonObject } from '../json.ts';
import {
  anything,
  boolean,
  byType,
  type Check,
  type Findings,
  integer,
  list,
  matching,
  object,
  oneOf,
  string,
} from './check.ts';
import {
  confirm,
  initialOptionsAreOffered,
  markdownOption,
  option,
  optionGroup,
  optionsOrGroups,
  plainText,
} from './composition.ts';

const isType: Check = string(50);
const actionId = string(255);
const id = string(50);
const placeholder = plainText(150);
const common = { action_id: actionId, confirm };
const focusable = { ...common, focus_on_load: boolean };
const dispatch = object(
  {},
  { trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered', 'on_blur'), 1, 3) },
);
const typed = { action_id: actionId, focus_on_load: boolean, placeholder, dispatch_action_config: dispatch };

const isDate = matching(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'date (YYYY-MM-DD)');
const isTime = matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'time (HH:mm)');
const isNumber = matching(/^-?\d+(\.\d+)?$/, 'number');
const filter = object(
  {},
  {
    include: list(oneOf('im', 'mpim', 'private', 'public'), 1, 4),
    exclude_external_shared_channels: boolean,
    exclude_bot_users: boolean,
  },
);

function textLimits(element: JsonObject, at: string, found: Findings): void {
  const { min_length: min, max_length: max, initial_value: initial } = element;
  if (typeof min === 'number' && typeof max === 'number' && min > max) {
    found.add(`${at}/min_length`, 'must be less than or equal to max_length');
  }
  if (typeof initial === 'string' && typeof max === 'number' && initial.length > max) {
    found.add(`${at}/initial_value`, `must be less than ${max + 1} characters`);
  }
}

function numberLimits(element: JsonObject, at: string, found: Findings): void {
  const { min_value: min, max_value: max, initial_value: initial, is_decimal_allowed: decimals } = element;
  if (min !== undefined && max !== undefined && Number(min) > Number(max)) {
    found.add(`${at}/min_value`, 'must be less than or equal to max_value');
  }
  if (initial === undefined) return;
  if (decimals === false && !/^-?\d+$/.test(String(initial))) {
    found.add(`${at}/initial_value`, 'must be an integer');
  }
  if (min !== undefined && Number(initial) < Number(min)) found.add(`${at}/initial_value`, 'is below min_value');
  if (max !== undefined && Number(initial) > Number(max)) found.add(`${at}/initial_value`, 'is above max_value');
}

function channelOrUserList(element: JsonObject, at: string, found: Findings): void {
  const max = element.max_selected_items;
  for (const key of ['initial_users', 'initial_channels', 'initial_conversations', 'initial_options']) {
    const initial = element[key];
    if (Array.isArray(initial) && typeof max === 'number' && initial.length > max) {
      found.add(`${at}/${key}`, `no more than ${max} items allowed`);
    }
  }
}

const selectFields = { ...focusable, placeholder };
const multiFields = { ...selectFields, max_selected_items: integer(1, 100) };
const staticOptions = { options: list(option, 1, 100), option_groups: list(optionGroup, 1, 100) };
const overflowOption = object(
  { text: plainText(75) },
  { value: string(150), description: plainText(75), url: string(3000) },
);

/** The check of every interactive element (and `image`) by its type. */
export const elementChecks: Record<string, Check> = {
  button: object(
    { type: isType, text: plainText(75) },
    {
      ...common,
      value: string(2000, 0),
      url: string(3000),
      style: oneOf('primary', 'danger'),
      accessibility_label: string(75),
    },
  ),
  checkboxes: object(
    { type: isType, options: list(markdownOption, 1, 10) },
    { ...focusable, initial_options: list(markdownOption, 1, 10) },
    initialOptionsAreOffered,
  ),
  radio_buttons: object(
    { type: isType, options: list(markdownOption, 1, 10) },
    { ...focusable, initial_option: markdownOption },
    initialOptionsAreOffered,
  ),
  overflow: object({ type: isType, options: list(overflowOption, 1, 5) }, common),
  datepicker: object({ type: isType }, { ...selectFields, initial_date: isDate }),
  timepicker: object({ type: isType }, { ...selectFields, initial_time: isTime, timezone: string(100) }),
  datetimepicker: object({ type: isType }, { ...focusable, initial_date_time: integer(1_000_000_000, 9_999_999_999) }),
  static_select: object(
    { type: isType },
    { ...selectFields, ...staticOptions, initial_option: option },
    optionsOrGroups,
  ),
  multi_static_select: object(
    { type: isType },
    { ...multiFields, ...staticOptions, initial_options: list(option, 1, 100) },
    (element, at, found) => {
      optionsOrGroups(element, at, found);
      channelOrUserList(element, at, found);
    },
  ),
  external_select: object(
    { type: isType },
    { ...selectFields, initial_option: option, min_query_length: integer(0, 100) },
  ),
  multi_external_select: object(
    { type: isType },
    { ...multiFields, initial_options: list(option, 1, 100), min_query_length: integer(0, 100) },
    channelOrUserList,
  ),
  users_select: object({ type: isType }, { ...selectFields, initial_user: id }),
  multi_users_select: object({ type: isType }, { ...multiFields, initial_users: list(id, 0, 100) }, channelOrUserList),
  channels_select: object({ type: isType }, { ...selectFields, initial_channel: id, response_url_enabled: boolean }),
  multi_channels_select: object(
    { type: isType },
    { ...multiFields, initial_channels: list(id, 0, 100) },
    channelOrUserList,
  ),
  conversations_select: object(
    { type: isType },
    {
      ...selectFields,
      initial_conversation: id,
      default_to_current_conversation: boolean,
      response_url_enabled: boolean,
      filter,
    },
  ),
  multi_conversations_select: object(
    { type: isType },
    { ...multiFields, initial_conversations: list(id, 0, 100), default_to_current_conversation: boolean, filter },
    channelOrUserList,
  ),
  plain_text_input: object(
    { type: isType },
    {
      ...typed,
      initial_value: string(3000, 0),
      multiline: boolean,
      min_length: integer(0, 3000),
      max_length: integer(1, 3000),
    },
    textLimits,
  ),
  email_text_input: object({ type: isType }, { ...typed, initial_value: string(3000, 0) }),
  url_text_input: object({ type: isType }, { ...typed, initial_value: string(3000, 0) }),
  number_input: object(
    { type: isType, is_decimal_allowed: boolean },
    { ...typed, initial_value: isNumber, min_value: isNumber, max_value: isNumber },
    numberLimits,
  ),
  rich_text_input: object(
    { type: isType },
    { ...typed, initial_value: anything, min_lines: integer(1, 100), max_lines: integer(1, 100) },
  ),
  file_input: object(
    { type: isType },
    { action_id: actionId, filetypes: list(string(50), 1, 100), max_files: integer(1, 10) },
  ),
  image: object(
    { type: isType, alt_text: string(2000) },
    { image_url: string(3000), slack_file: anything },
    (element, at, found) => {
      if (element.image_url === undefined && element.slack_file === undefined) {
        found.add(at, 'missing required field: image_url');
      }
    },
  ),
};

const choices = [
  'checkboxes',
  'radio_buttons',
  'datepicker',
  'timepicker',
  ...['static', 'external', 'users', 'channels', 'conversations'].flatMap((source) => [
    `${source}_select`,
    `multi_${source}_select`,
  ]),
];

function elementsOf(types: string[]): Check {
  return byType(Object.fromEntries(Object.entries(elementChecks).filter(([type]) => types.includes(type))));
}

export const sectionAccessory = elementsOf([...choices, 'button', 'overflow', 'image']);
export const actionsElement = elementsOf([...choices, 'datetimepicker', 'button', 'overflow', 'rich_text_input']);
const inputs = [...choices, 'datetimepicker', 'plain_text_input', 'email_text_input', 'url_text_input'];
export const messageInput = elementsOf([...inputs, 'number_input', 'rich_text_input']);
export const modalInput = elementsOf([...inputs, 'number_input', 'rich_text_input', 'file_input']);
