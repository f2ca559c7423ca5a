import type { types } from '@slack/bolt';
import type { ModalView } from '@slack/web-api';
import { z } from 'zod';
import type { Incident } from '../../engines/engine.ts';
import { parseJson } from '../../json.ts';
import type { Json } from '../../processes/value-types.ts';
import type { Words } from '../../words/words.ts';
import { fitText } from '../block-kit/fit-text.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { markup, say } from '../block-kit/markup.ts';
import { plainText, section } from '../block-kit/text-objects.ts';
import { type StartPlace, writePlace } from '../start-process/start-place.ts';

export const variableCallbackId = 'mend_variable';

const blocks = { where: 'where', name: 'name', kind: 'kind', value: 'value', goOn: 'go_on' } as const;
/** The types of a value that can be entered. */
const kinds = ['text', 'number', 'boolean', 'json'] as const;
const longestReason = 1000;
const mostIncidents = 10;

/** The modal that sets a variable of a process with incidents. */
export function variableModal(words: Words, incidents: readonly Incident[], place: StartPlace): ModalView {
  const [first] = incidents;
  const option = (text: string, value: string) => ({ text: plainText(text, slackLimits.optionText), value });
  const wheres = incidents.slice(0, mostIncidents).map(({ reason, key }) => option(reason, key));
  const select = (actionId: string, options: types.PlainTextOption[]): types.StaticSelect => {
    const [initial] = options;
    return { type: 'static_select', action_id: actionId, options, ...(initial && { initial_option: initial }) };
  };
  const input = (
    blockId: string,
    label: string,
    element: types.InputBlock['element'],
    more = {},
  ): types.InputBlock => ({
    type: 'input',
    block_id: blockId,
    label: plainText(label, slackLimits.inputLabel),
    element,
    ...more,
  });
  const goOn = option(words('mend.goOn'), 'yes');
  return {
    type: 'modal',
    callback_id: variableCallbackId,
    private_metadata: writePlace(place),
    title: plainText(words('mend.title'), slackLimits.viewTitle),
    submit: plainText(words('mend.submit'), slackLimits.viewSubmit),
    close: plainText(words('button.back'), slackLimits.viewSubmit),
    blocks: [
      section(say(words, 'mend.about')),
      ...(first ? [section(markup`>${fitText(first.reason.replaceAll(/\s+/g, ' '), longestReason)}`)] : []),
      ...(wheres.length > 1 ? [input(blocks.where, words('mend.where'), select(blocks.where, wheres))] : []),
      input(blocks.name, words('mend.name'), { type: 'plain_text_input', action_id: blocks.name, max_length: 200 }),
      input(
        blocks.kind,
        words('mend.kind'),
        select(
          blocks.kind,
          kinds.map((kind) => option(words(`mend.kind.${kind}`), kind)),
        ),
      ),
      input(
        blocks.value,
        words('mend.value'),
        { type: 'plain_text_input', action_id: blocks.value, multiline: true, max_length: slackLimits.textInput },
        { optional: true, hint: plainText(words('mend.valueHint'), slackLimits.inputHint) },
      ),
      input(
        blocks.goOn,
        words('mend.then'),
        { type: 'checkboxes', action_id: blocks.goOn, options: [goOn], initial_options: [goOn] },
        { optional: true },
      ),
    ],
  };
}

const text = z.object({ value: z.string().nullish() });
const choice = z.object({ selected_option: z.object({ value: z.string() }) });
const stateSchema = z.object({
  [blocks.where]: z.object({ [blocks.where]: choice }).optional(),
  [blocks.name]: z.object({ [blocks.name]: text }),
  [blocks.kind]: z.object({
    [blocks.kind]: z.object({ selected_option: z.object({ value: z.enum(kinds) }) }),
  }),
  [blocks.value]: z.object({ [blocks.value]: text }),
  [blocks.goOn]: z.object({ [blocks.goOn]: z.object({ selected_options: z.array(z.unknown()).nullish() }) }),
});

export interface GivenVariable {
  /** The incident at whose element the variable is set; undefined if there is only one. */
  incidentKey: string | undefined;
  name: string;
  /** Undefined: the input is not valid for the chosen type. */
  value: Json | undefined;
  goesOn: boolean;
}

export const nameBlockId = blocks.name;
export const valueBlockId = blocks.value;

/** Throws a ZodError on a form that Slack never sends. */
export function readVariable(stateValues: unknown): GivenVariable {
  const state = stateSchema.parse(stateValues);
  const typed = state.value.value.value ?? '';
  return {
    incidentKey: state.where?.where.selected_option.value,
    name: (state.name.name.value ?? '').trim(),
    value: typedValue(typed, state.kind.kind.selected_option.value),
    goesOn: (state.go_on.go_on.selected_options ?? []).length > 0,
  };
}

function typedValue(typed: string, kind: (typeof kinds)[number]): Json | undefined {
  if (kind === 'text') return typed;
  const value = readJson(typed);
  if (kind === 'number') return typeof value === 'number' || typeof value === 'bigint' ? value : undefined;
  if (kind === 'boolean') return typeof value === 'boolean' ? value : undefined;
  return value;
}

function readJson(typed: string): Json | undefined {
  try {
    return parseJson(typed.trim());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
