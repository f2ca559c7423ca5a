import { isDeepStrictEqual } from 'node:util';
import { Findings } from '../block-kit/check.ts';
import { checkSuggestions } from '../block-kit/composition.ts';
import type { Block, BlockElement, OptionGroup, OptionObject, StateValue, StateValues } from '../block-kit/types.ts';
import { type Core, recordViolation } from '../core.ts';
import type { DeliveryOutcome } from '../delivery/deliverer.ts';
import { isObject, type JsonObject } from '../json.ts';
import { newTs } from '../state.ts';
import { type Choice, type ChoiceGroup, choiceOf, describeChoices, offeredChoices } from './choices.ts';
import { interactionBase, sendInteraction } from './interaction.ts';
import { textOf } from './readable.ts';

/** A place that shows blocks to a person: a modal, a home tab or a message. */
export interface Surface {
  readonly core: Core;
  readonly userId: string;
  blocks(): Block[];
  values(): StateValues;
  errors(): Record<string, string>;
  /** The fields of payloads that describe the surface: container, view or message, state. */
  payload(): JsonObject;
  newTrigger(): string;
  /** Called after a value changed. */
  entered(): void;
  describe(): string;
}

/** Slack's default: an external select asks the app after three typed characters. */
const defaultQueryLength = 3;

/** Whether the app supplies the options of this select while the person types. */
export function isExternal(element: BlockElement): boolean {
  return element.type.endsWith('external_select');
}

/** Stores an entered value. */
export function setValue(surface: Surface, block: Block, element: BlockElement, value: StateValue): void {
  const values = surface.values();
  values[block.block_id] = { ...values[block.block_id], [element.action_id]: value };
  surface.entered();
  surface.core.traffic.changed();
}

const textInputs = ['plain_text_input', 'email_text_input', 'url_text_input', 'number_input', 'rich_text_input'];

interface Entry {
  by: 'typing' | 'enter';
  /** Whether the text differs from before. */
  isChanged: boolean;
}

/** Whether this entry is sent to the app. For text inputs the app configures when; Slack's default is Enter. */
function isDispatched(block: Block, element: BlockElement, { by, isChanged }: Entry): boolean {
  if (block.type === 'input' && !block.dispatch_action) return false;
  if (!textInputs.includes(element.type)) return true;
  const on = element.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed'];
  return (isChanged && on.includes('on_character_entered')) || (by === 'enter' && on.includes('on_enter_pressed'));
}

/** Enters a value, and sends it to the app if the app asked for that. */
export async function enterValue(
  surface: Surface,
  block: Block,
  element: BlockElement,
  value: StateValue,
  by: 'typing' | 'enter' = 'enter',
): Promise<void> {
  const before = surface.values()[block.block_id]?.[element.action_id];
  setValue(surface, block, element, value);
  const { type: _, ...outcome } = value;
  if (isDispatched(block, element, { by, isChanged: !isDeepStrictEqual(before, value) }))
    await sendBlockAction(surface, block, element, outcome);
}

/** Finds an item of an overflow menu by its text, value or index. */
export function menuItem(element: BlockElement, wanted: string | number): OptionObject {
  const items = element.options ?? [];
  const item =
    typeof wanted === 'number'
      ? items[wanted]
      : (items.find((option) => option.value === wanted) ?? items.find((option) => textOf(option.text) === wanted));
  if (item) return item;
  throw new Error(`The menu has no "${wanted}", but ${describeChoices([{ label: '', options: items.map(choiceOf) }])}`);
}

/** Sends `block_actions` for an element that a person used, with what they chose. */
export function sendBlockAction(
  surface: Surface,
  block: Block,
  element: BlockElement,
  outcome: JsonObject,
): Promise<DeliveryOutcome> {
  const { core, userId } = surface;
  const { type, action_id, text, value, style, placeholder, confirm, url } = element;
  const own = type === 'button' ? { text, value, style, url } : { placeholder };
  const action = { type, action_id, block_id: block.block_id, ...own, confirm, ...outcome };
  const body: JsonObject = {
    ...interactionBase(core, userId, 'block_actions'),
    trigger_id: surface.newTrigger(),
    ...surface.payload(),
    actions: [{ ...action, action_ts: newTs(core.state, core.now()) }],
  };
  return sendInteraction(core, userId, body, { name: `block_actions ${action_id}` });
}

/** Asks the app for the options of an external select (`block_suggestion`), as Slack does while a person types. */
async function suggestions(
  surface: Surface,
  block: Block,
  element: BlockElement,
  typed: string,
): Promise<ChoiceGroup[]> {
  const { core, userId } = surface;
  const least = element.min_query_length ?? defaultQueryLength;
  if (typed.length < least) {
    throw new Error(`Slack asks for options only after ${least} typed characters, not for "${typed}"`);
  }
  const body: JsonObject = {
    ...interactionBase(core, userId, 'block_suggestion'),
    action_id: element.action_id,
    block_id: block.block_id,
    value: typed,
    ...surface.payload(),
  };
  const name = `block_suggestion ${element.action_id}`;
  const outcome = await sendInteraction(core, userId, body, { kind: 'options', name });
  if (!outcome.acknowledged) return [];
  const found = new Findings();
  checkSuggestions(outcome.answer, found);
  if (found.messages.length > 0 || !isObject(outcome.answer)) {
    recordViolation(core, { kind: 'answer', subject: name, error: 'invalid_options', messages: found.messages });
    return [];
  }
  const groups = outcome.answer.option_groups as OptionGroup[] | undefined;
  if (groups) return groups.map((group) => ({ label: textOf(group.label), options: group.options.map(choiceOf) }));
  const options = (outcome.answer.options ?? []) as OptionObject[];
  return options.length > 0 ? [{ label: '', options: options.map(choiceOf) }] : [];
}

/** The choices of a select after typing into it. */
export function choicesFor(
  surface: Surface,
  block: Block,
  element: BlockElement,
  typed: string,
): Promise<ChoiceGroup[]> {
  if (isExternal(element)) return suggestions(surface, block, element, typed);
  const groups = offeredChoices(surface.core, surface.userId, element);
  const fits = (choice: Choice) => choice.text.toLowerCase().includes(typed.toLowerCase());
  return Promise.resolve(
    groups
      .map((group) => ({ ...group, options: group.options.filter(fits) }))
      .filter((group) => group.options.length > 0),
  );
}
