import type { BlockElement, StateValue } from '../block-kit/types.ts';
import { chosenOption, initialValue } from '../views/state-values.ts';
import type { Choice } from './choices.ts';
import { typedText } from './typed-text.ts';

/** Whether several options can be chosen at once. */
export function isMultiple(element: BlockElement): boolean {
  return element.type.startsWith('multi_') || element.type === 'checkboxes';
}

/** The value of an emptied field. In Slack, a single select and radio buttons cannot be cleared. */
export function clearedValue({ type, action_id }: BlockElement): StateValue {
  if (type === 'radio_buttons' || (type.endsWith('_select') && !type.startsWith('multi_'))) {
    throw new Error(`Slack offers no way to clear a ${type}`);
  }
  return initialValue({ type, action_id });
}

/** The value of a select, radio group or checkboxes with these choices. Throws if there are too many. */
export function chosenValue(element: BlockElement, choices: Choice[]): StateValue {
  const { type, max_selected_items: max } = element;
  if (!isMultiple(element) && choices.length !== 1) throw new Error(`A ${type} takes exactly one choice`);
  if (max !== undefined && choices.length > max) throw new Error(`At most ${max} choices can be made here`);
  const ids = choices.map((choice) => choice.value);
  const options = choices.flatMap((choice) => (choice.option ? [chosenOption(choice.option)] : []));
  switch (type) {
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
      return { type, selected_option: options[0] ?? null };
    case 'multi_static_select':
    case 'multi_external_select':
    case 'checkboxes':
      return { type, selected_options: options };
    case 'users_select':
      return { type, selected_user: ids[0] ?? null };
    case 'multi_users_select':
      return { type, selected_users: ids };
    case 'channels_select':
      return { type, selected_channel: ids[0] ?? null };
    case 'multi_channels_select':
      return { type, selected_channels: ids };
    case 'conversations_select':
      return { type, selected_conversation: ids[0] ?? null };
    case 'multi_conversations_select':
      return { type, selected_conversations: ids };
    default:
      throw new Error(`There is nothing to choose in a ${type}`);
  }
}

/** The value of a field after this input was typed (or picked in a calendar). Throws if the field does not accept it. */
export function typedValue(element: BlockElement, input: string | number | Date): StateValue {
  const { type } = element;
  const text = input instanceof Date ? input.toISOString() : String(input);
  switch (type) {
    case 'plain_text_input':
      if (!element.multiline && text.includes('\n')) throw new Error('A single-line field takes no line breaks');
      return { type, value: text === '' ? null : text };
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return { type, value: text === '' ? null : text };
    case 'rich_text_input':
      if (text === '') return { type };
      return { type, rich_text_value: { type: 'rich_text', elements: typedText(text).blocks[0]?.elements } };
    case 'datepicker':
      if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new Error(`A date is YYYY-MM-DD, not "${text}"`);
      return { type, selected_date: text };
    case 'timepicker':
      if (!/^\d{2}:\d{2}$/.test(text)) throw new Error(`A time is HH:mm, not "${text}"`);
      return { type, selected_time: text };
    case 'datetimepicker': {
      const seconds = typeof input === 'number' ? input : Math.floor(Date.parse(text) / 1000);
      if (Number.isNaN(seconds)) throw new Error(`"${text}" is no date and time`);
      // The picker has minutes, but no seconds.
      return { type, selected_date_time: seconds - (seconds % 60) };
    }
    default:
      throw new Error(`Nothing can be typed into a ${type}; choose from it`);
  }
}
