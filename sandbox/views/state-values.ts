import type { Block, BlockElement, OptionObject, StateValue, StateValues, View } from '../block-kit/types.ts';

/** Elements without a value: buttons, menus, images and texts. */
const stateless = new Set(['button', 'overflow', 'image', 'mrkdwn', 'plain_text', 'workflow_button']);

/** An option as in payloads. */
export function chosenOption(option: OptionObject): OptionObject {
  const { text, value, description } = option;
  return { text, value, ...(description ? { description } : {}) };
}

/** The value of an untouched element. */
export function initialValue(element: BlockElement): StateValue {
  const { type } = element;
  switch (type) {
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return {
        type,
        value: typeof element.initial_value === 'string' && element.initial_value ? element.initial_value : null,
      };
    case 'rich_text_input':
      return element.initial_value ? { type, rich_text_value: element.initial_value } : { type };
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
      return { type, selected_option: element.initial_option ? chosenOption(element.initial_option) : null };
    case 'multi_static_select':
    case 'multi_external_select':
    case 'checkboxes':
      return { type, selected_options: (element.initial_options ?? []).map(chosenOption) };
    case 'users_select':
      return { type, selected_user: element.initial_user ?? null };
    case 'multi_users_select':
      return { type, selected_users: element.initial_users ?? [] };
    case 'channels_select':
      return { type, selected_channel: element.initial_channel ?? null };
    case 'multi_channels_select':
      return { type, selected_channels: element.initial_channels ?? [] };
    case 'conversations_select':
      return { type, selected_conversation: element.initial_conversation ?? null };
    case 'multi_conversations_select':
      return { type, selected_conversations: element.initial_conversations ?? [] };
    case 'datepicker':
      return { type, selected_date: element.initial_date ?? null };
    case 'timepicker':
      return { type, selected_time: element.initial_time ?? null };
    case 'datetimepicker':
      return { type, selected_date_time: element.initial_date_time ?? null };
    case 'file_input':
      return { type, files: [] };
    default:
      return { type };
  }
}

/** The elements of a block that have a value. */
export function statefulElements(block: Block): BlockElement[] {
  const elements = block.type === 'actions' ? (block.elements ?? []) : [];
  return [block.element, block.accessory, ...elements].filter(
    (element): element is BlockElement => element !== undefined && !stateless.has(element.type),
  );
}

function isStillOffered(element: BlockElement, value: StateValue): boolean {
  if (!element.options && !element.option_groups) return true;
  const offered = [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];
  const chosen = [value.selected_option, value.selected_options].flat().filter(Boolean) as OptionObject[];
  return chosen.every((option) => offered.some((candidate) => candidate.value === option.value));
}

/** `state.values` of a surface: entered values where block id, action id and type are unchanged, initial values otherwise. */
export function stateValues(blocks: Block[], entered: StateValues = {}): StateValues {
  const values: StateValues = {};
  for (const block of blocks) {
    for (const element of statefulElements(block)) {
      const before = entered[block.block_id]?.[element.action_id];
      const keep = before?.type === element.type && isStillOffered(element, before);
      values[block.block_id] = {
        ...values[block.block_id],
        [element.action_id]: keep ? before : initialValue(element),
      };
    }
  }
  return values;
}

/** Whether nothing is typed, chosen or uploaded. */
export function isEmptyValue(value: StateValue): boolean {
  const { type: _, ...rest } = value;
  return Object.values(rest).every(
    (item) => item === null || item === undefined || item === '' || (Array.isArray(item) && item.length === 0),
  );
}

/** The input blocks of a view, by block id. */
export function inputBlocks(view: View): Block[] {
  return view.blocks.filter((block) => block.type === 'input');
}
