import { Findings } from '../block-kit/check.ts';
import { checkSuggestions } from '../block-kit/composition.ts';
import type { Block, BlockElement, OptionGroup, OptionObject, StateValue, StateValues } from '../block-kit/types.ts';
import { type Core, recordViolation } from '../core.ts';
import type { DeliveryOutcome } from '../delivery/deliverer.ts';
import { isObject, type JsonObject } from '../json.ts';
import { newTs } from '../state.ts';
import { type Choice, type ChoiceGroup, choiceOf, offeredChoices } from './choices.ts';
import { interactionBase, sendInteraction } from './interaction.ts';
import { textOf } from './readable.ts';

/** Where blocks are shown to a person: a modal or a message. */
export interface Surface {
  readonly core: Core;
  readonly userId: string;
  blocks(): Block[];
  values(): StateValues;
  errors(): Record<string, string>;
  /** What payloads say of the surface: container, view or message, state. */
  payload(): JsonObject;
  newTrigger(): string;
  describe(): string;
}

/** Slack's own default: an external select asks the app once three characters are typed. */
const defaultQueryLength = 3;

/** Is it a select whose options the app supplies while the person types? */
export function isExternal(element: BlockElement): boolean {
  return element.type.endsWith('external_select');
}

/** Stores what a person entered. */
export function setValue(surface: Surface, block: Block, element: BlockElement, value: StateValue): void {
  const values = surface.values();
  values[block.block_id] = { ...values[block.block_id], [element.action_id]: value };
  surface.core.traffic.changed();
}

/** Tells the app that a person used an element (`block_actions`), with what they chose. */
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

/** Asks the app for the options of an external select (`block_suggestion`), as typing does. */
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

/** What a select shows, after typing something into it. */
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
