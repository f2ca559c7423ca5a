import { createHash } from 'node:crypto';
import type { types } from '@slack/bolt';
import { z } from 'zod';
import { type Mapping, mappingMistakes } from '../../bindings/fill-parameters.ts';
import { own } from '../../own.ts';
import type { Parameter, ProcessDefinition } from '../../processes/process-definition.ts';
import { type Property, properties, propertyName } from '../../sessions/properties.ts';
import type { Words } from '../../words/words.ts';
import { fieldActionId, fieldBlockId } from '../block-kit/field-block-id.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { markup, say } from '../block-kit/markup.ts';
import { plainText, section } from '../block-kit/text-objects.ts';
import { eventPlaceSchema } from './view-request.ts';

export const parametersCallbackId = 'live_chat_parameters';

/** The modal's private_metadata. */
export const parametersPlaceSchema = eventPlaceSchema.extend({
  processDefinitionId: z.string(),
  /** Fingerprint of the parameters shown: the process may have other ones when the modal is submitted. */
  fingerprint: z.string(),
  /** Without a binding id: the id of the binding that is added, so that it is added once however often it is saved. */
  newId: z.uuid().optional(),
});
export type ParametersPlace = z.infer<typeof parametersPlaceSchema>;

/** The option that leaves a parameter empty; no property has this code. */
const leftEmpty = '-';
const notFilledOption = (words: Words): types.PlainTextOption => ({
  text: plainText(words('parameters.notFilled'), slackLimits.optionText),
  value: leftEmpty,
});

/** The modal that chooses a property for each parameter of a process. `notice` is shown at the top. */
export function parametersModal(
  words: Words,
  definition: ProcessDefinition,
  mapping: Mapping,
  place: Omit<ParametersPlace, 'processDefinitionId' | 'fingerprint'>,
  notice?: string,
): types.ModalView {
  const { id, name, parameters } = definition;
  const { event, bindingId, newId, liveChatId, list } = place;
  const metadata: ParametersPlace = {
    event,
    ...(bindingId ? { bindingId } : { newId }),
    liveChatId,
    list,
    processDefinitionId: id,
    fingerprint: fingerprintOf(parameters),
  };
  const values = { process: name, event: words(`event.${event}`) };
  const about = say(words, parameters.length === 0 ? 'parameters.none' : 'parameters.about', values);
  return {
    type: 'modal',
    callback_id: parametersCallbackId,
    title: plainText(words('parameters.title'), slackLimits.viewTitle),
    submit: plainText(words('button.save'), slackLimits.viewSubmit),
    close: plainText(words('button.back'), slackLimits.viewSubmit),
    private_metadata: JSON.stringify(metadata),
    blocks: [
      ...(notice ? [section(markup`:warning: ${notice}`)] : []),
      section(about),
      ...parameters.map((parameter) => parameterBlock(words, parameter, mapping, metadata.fingerprint)),
    ],
  };
}

function parameterBlock(words: Words, parameter: Parameter, mapping: Mapping, fingerprint: string): types.InputBlock {
  const { key, label, type, required } = parameter;
  const named = { parameter: label, type: words(`type.${type}`) };
  const notFilled = notFilledOption(words);
  const options = properties
    .filter((property) => property.type === type)
    .map((property) => propertyOption(words, property));
  const chosen = options.find(({ value }) => value === own(mapping, key)) ?? notFilled;
  const hint = hintOf(words, parameter, options.length > 0);
  return {
    type: 'input',
    block_id: parameterBlockId(fingerprint, key),
    label: plainText(
      required ? words('parameters.required', named) : words('parameters.optional', named),
      slackLimits.inputLabel,
    ),
    ...(hint ? { hint: plainText(hint, slackLimits.inputHint) } : {}),
    optional: !required,
    element: {
      type: 'static_select',
      action_id: fieldActionId,
      options: [notFilled, ...options],
      initial_option: chosen,
    },
  };
}

function hintOf(words: Words, { type, required, maxFiles }: Parameter, hasOptions: boolean): string | undefined {
  if (hasOptions) return maxFiles === undefined ? undefined : words('parameters.fewFiles', { count: maxFiles });
  const values = { type: words(`type.${type}`) };
  return required ? words('parameters.nothingForRequired', values) : words('parameters.nothing', values);
}

function propertyOption(words: Words, property: Property): types.PlainTextOption {
  return { text: plainText(words(propertyName(property)), slackLimits.optionText), value: property.code };
}

/** Changes with the parameters: Slack keeps a selection while the block id stays the same. */
function parameterBlockId(fingerprint: string, key: string): string {
  return fieldBlockId(`parameter:${fingerprint}`, key);
}

/** A hash of a process's parameters, to notice that they changed since somebody saw them. */
export function fingerprintOf(parameters: Parameter[]): string {
  const seen = parameters.map(({ key, label, type, required, maxFiles }) => [key, label, type, required, maxFiles]);
  return createHash('sha256').update(JSON.stringify(seen)).digest('base64url').slice(0, 12);
}

const stateSchema = z.record(
  z.string(),
  z.record(z.string(), z.object({ selected_option: z.object({ value: z.string() }).nullish() })),
);

/** The chosen mapping, and error messages by block id. */
export function readMapping(
  words: Words,
  parameters: Parameter[],
  stateValues: unknown,
): { mapping: Mapping; errors: Record<string, string> } {
  const state = stateSchema.parse(stateValues);
  const fingerprint = fingerprintOf(parameters);
  const mapping: Mapping = {};
  const errors: Record<string, string> = {};
  for (const parameter of parameters) {
    const { key, label, required } = parameter;
    const blockId = parameterBlockId(fingerprint, key);
    const code = state[blockId]?.[fieldActionId]?.selected_option?.value ?? leftEmpty;
    if (code !== leftEmpty) {
      const [mistake] = mappingMistakes({ [key]: code }, [parameter]);
      if (mistake !== undefined) errors[blockId] = words(mistake);
      else mapping[key] = code;
    } else if (required) {
      errors[blockId] = words('parameters.mustBeFilled', { parameter: label });
    }
  }
  return { mapping, errors };
}
