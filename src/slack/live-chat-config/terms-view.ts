import type { types } from '@slack/bolt';
import { z } from 'zod';
import { type BindingEvent, bindingPolicies } from '../../bindings/binding-kinds.ts';
import { mostRows } from '../../bindings/condition.ts';
import { expressionMistake, withoutSign } from '../../bindings/condition-expression.ts';
import { operatorsOf, takesValue } from '../../bindings/condition-rows.ts';
import type { Binding } from '../../bindings/queries.ts';
import { reactors } from '../../bindings/reactions.ts';
import { canBeAwaited } from '../../intake/tell-processes.ts';
import { properties, propertyName, propertyOf } from '../../sessions/properties.ts';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { markup, say } from '../block-kit/markup.ts';
import { mrkdwn, plainText, section } from '../block-kit/text-objects.ts';
import { operatorName } from './describe-terms.ts';
import {
  type DraftRow,
  rowActionIds,
  rowBlockId,
  type TermsDraft,
  termsBlocks,
  termsModes,
  valueActionId,
  valueBlockId,
} from './terms-draft.ts';
import { bindingPlaceSchema } from './view-request.ts';
import { waitFields } from './wait-view.ts';

export const termsCallbackId = 'live_chat_terms';
export const addRowActionId = 'add_condition';
export const removeRowActionId = 'remove_condition';
export const tryTermsActionId = 'try_terms';

/** The modal's private_metadata. */
export const termsPlaceSchema = bindingPlaceSchema.extend({
  /** Ids of the rows shown, and the number of bindings of the event. */
  rowIds: z.array(z.number().int()).max(mostRows),
  count: z.number().int(),
  place: z.number().int(),
});
export type TermsPlace = z.infer<typeof termsPlaceSchema>;

/** The modal that sets when a binding starts its process. `past`: the result of *Try it on the past*. */
export function termsModal(
  words: Words,
  binding: Pick<Binding, 'event' | 'processName'>,
  draft: TermsDraft,
  place: Omit<TermsPlace, 'rowIds' | 'place'>,
  past: types.KnownBlock[] = [],
): types.ModalView {
  const { event, processName } = binding;
  const metadata: TermsPlace = { ...place, rowIds: draft.rows.map(({ id }) => id), place: draft.place };
  return {
    type: 'modal',
    callback_id: termsCallbackId,
    title: plainText(words('terms.title'), slackLimits.viewTitle),
    submit: plainText(words('button.save'), slackLimits.viewSubmit),
    close: plainText(words('button.back'), slackLimits.viewSubmit),
    private_metadata: JSON.stringify(metadata),
    blocks: [
      section(say(words, 'terms.about', { process: processName, event: words(`event.${event}`) })),
      ...(draft.wait ? waitFields(words, draft.wait) : []),
      ...(draft.reaction ? reactionBlocks(words, draft.reaction) : []),
      modeBlock(words, draft),
      ...(draft.mode === 'all' || draft.mode === 'any' ? rowBlocks(words, draft) : []),
      ...(draft.mode === 'feel' ? expressionBlocks(words, draft) : []),
      policyBlock(words, draft),
      ...(draft.policy === 'at_most_once_in' ? [minutesBlock(words, draft)] : []),
      moreBlock(words, binding.event, draft),
      ...(place.count > 1 ? [placeBlock(words, draft, place.count)] : []),
      tryBlock(words),
      ...past,
    ].slice(0, slackLimits.viewBlocks),
  };
}

const option = (text: string, value: string): types.PlainTextOption => ({
  text: plainText(text, slackLimits.optionText),
  value,
});

function select(
  block: string,
  label: string,
  options: types.PlainTextOption[],
  chosen: string,
  isDispatched: boolean,
): types.InputBlock {
  const initial = options.find(({ value }) => value === chosen);
  return {
    type: 'input',
    block_id: block,
    label: plainText(label, slackLimits.inputLabel),
    ...(isDispatched ? { dispatch_action: true } : {}),
    element: {
      type: 'static_select',
      action_id: block,
      options,
      ...(initial ? { initial_option: initial } : {}),
    },
  };
}

function reactionBlocks(words: Words, { emoji, by }: NonNullable<TermsDraft['reaction']>): types.InputBlock[] {
  const options = reactors.map((one) => option(words(`terms.by.${one}`), one));
  return [
    {
      type: 'input',
      block_id: termsBlocks.emoji,
      label: plainText(words('terms.emoji'), slackLimits.inputLabel),
      hint: plainText(words('terms.emojiHint'), slackLimits.inputHint),
      element: {
        type: 'plain_text_input',
        action_id: termsBlocks.emoji,
        max_length: longestEmoji,
        ...(emoji ? { initial_value: emoji.slice(0, longestEmoji) } : {}),
      },
    },
    select(termsBlocks.by, words('terms.by'), options, by, false),
  ];
}

/** Long enough for the maximum number of emoji, with names as long as Slack allows. */
const longestEmoji = 3000;

function modeBlock(words: Words, { mode }: TermsDraft): types.InputBlock {
  const options = termsModes.map((one) => option(words(`terms.${one}`), one));
  return select(termsBlocks.mode, words('terms.conditions'), options, mode, true);
}

function rowBlocks(words: Words, { rows }: TermsDraft): types.KnownBlock[] {
  return [
    ...rows.flatMap((row, index) => rowOf(words, row, String(index + 1))),
    ...(rows.length < mostRows
      ? [
          {
            type: 'actions',
            block_id: 'conditions_more',
            elements: [
              {
                type: 'button',
                action_id: addRowActionId,
                text: plainText(words('terms.addRow'), slackLimits.buttonText),
              },
            ],
          } satisfies types.ActionsBlock,
        ]
      : []),
  ];
}

function rowOf(words: Words, row: DraftRow, number: string): types.KnownBlock[] {
  const property = propertyOf(row.property);
  const offered = properties.map((one) => option(words(propertyName(one)), one.code));
  const chosen = offered.find(({ value }) => value === row.property);
  const operators = property
    ? operatorsOf(property.type).map((operator) =>
        option(words(operatorName({ property: row.property, operator })), operator),
      )
    : [];
  const operator = operators.find(({ value }) => value === row.operator);
  return [
    {
      type: 'actions',
      block_id: rowBlockId(row.id),
      elements: [
        {
          type: 'static_select',
          action_id: rowActionIds.property,
          placeholder: plainText(words('terms.property', { number }), slackLimits.placeholder),
          options: offered,
          ...(chosen ? { initial_option: chosen } : {}),
        },
        ...(operators.length > 0
          ? [
              {
                type: 'static_select',
                // Changes with the property: Slack keeps a selection while the id stays the same.
                action_id: rowActionIds.operator,
                placeholder: plainText(words('terms.operator', { number }), slackLimits.placeholder),
                options: operators,
                ...(operator ? { initial_option: operator } : {}),
              } satisfies types.StaticSelect,
            ]
          : []),
        {
          type: 'button',
          action_id: removeRowActionId,
          text: plainText(words('terms.removeRow'), slackLimits.buttonText),
          value: String(row.id),
        },
      ],
    },
    ...(property && takesValue(row.operator) ? [valueBlock(words, row, number)] : []),
  ];
}

function valueBlock(words: Words, row: DraftRow, number: string): types.InputBlock {
  return {
    type: 'input',
    block_id: valueBlockId(row),
    label: plainText(words('terms.value', { number }), slackLimits.inputLabel),
    ...(row.operator === 'any_word' ? { hint: plainText(words('terms.wordsHint'), slackLimits.inputHint) } : {}),
    element: valueElement(words, row),
  };
}

function valueElement(words: Words, { property, value }: DraftRow): types.InputBlock['element'] {
  const action_id = valueActionId;
  switch (propertyOf(property)?.type) {
    case 'number':
      return {
        type: 'number_input',
        action_id,
        is_decimal_allowed: true,
        ...(/^-?\d+(\.\d+)?$/.test(value) ? { initial_value: value } : {}),
      };
    case 'date':
    case 'datetime':
      return {
        type: 'datepicker',
        action_id,
        ...(/^\d{4}-\d{2}-\d{2}$/.test(value) ? { initial_date: value } : {}),
      };
    case 'boolean':
      return choiceOf(action_id, [option(words('value.yes'), 'true'), option(words('value.no'), 'false')], value);
    case 'choice': {
      const statuses = (['open', 'closed', 'spam'] as const).map((one) => option(words(`session.status.${one}`), one));
      return choiceOf(action_id, statuses, value);
    }
    case 'user':
      return { type: 'users_select', action_id, ...(value ? { initial_user: value } : {}) };
    default:
      return {
        type: 'plain_text_input',
        action_id,
        max_length: longestValue,
        ...(value ? { initial_value: value.slice(0, longestValue) } : {}),
      };
  }
}

/** Short enough that ten rows of a binding stay readable in a list of 30. */
const longestValue = 500;

function choiceOf(action_id: string, options: types.PlainTextOption[], value: string): types.StaticSelect {
  const initial = options.find((one) => one.value === value);
  return { type: 'static_select', action_id, options, ...(initial ? { initial_option: initial } : {}) };
}

/** The field for an expression, checked while typing, with the list of what can be used in it. */
function expressionBlocks(words: Words, { expression }: TermsDraft): types.KnownBlock[] {
  const mistake = expression.trim() === '' ? undefined : expressionMistake(withoutSign(expression));
  const verdict = mistake
    ? markup`:warning: ${words(mistake)}`
    : expression.trim() === ''
      ? undefined
      : say(words, 'terms.expressionFits');
  return [
    {
      type: 'input',
      block_id: termsBlocks.expression,
      label: plainText(words('terms.expression'), slackLimits.inputLabel),
      hint: plainText(words('terms.expressionHint'), slackLimits.inputHint),
      dispatch_action: true,
      element: {
        type: 'plain_text_input',
        action_id: termsBlocks.expression,
        multiline: true,
        max_length: slackLimits.textInput,
        dispatch_action_config: { trigger_actions_on: ['on_character_entered'] },
        ...(expression ? { initial_value: expression } : {}),
      },
    },
    {
      type: 'context',
      block_id: 'terms_expression_help',
      elements: [
        ...(verdict ? [mrkdwn(verdict)] : []),
        mrkdwn(say(words, 'terms.properties', { codes: properties.map(({ code }) => code).join(', ') })),
      ],
    },
  ];
}

function policyBlock(words: Words, { policy }: TermsDraft): types.InputBlock {
  const options = bindingPolicies.map((one) => option(words(`terms.policy.${one}`), one));
  return select(termsBlocks.policy, words('terms.policy'), options, policy, true);
}

function minutesBlock(words: Words, { minutes }: TermsDraft): types.InputBlock {
  return {
    type: 'input',
    block_id: termsBlocks.minutes,
    label: plainText(words('terms.minutes'), slackLimits.inputLabel),
    element: {
      type: 'number_input',
      action_id: termsBlocks.minutes,
      is_decimal_allowed: false,
      ...(/^\d+$/.test(minutes) ? { initial_value: minutes } : {}),
    },
  };
}

function moreBlock(words: Words, event: BindingEvent, { skipsAwaited, stops }: TermsDraft): types.InputBlock {
  const canSkip = canBeAwaited(event);
  const awaited = option(words('terms.skipsAwaited'), 'skips_awaited');
  const stop = option(words('terms.stops'), 'stops');
  const checked = [...(canSkip && skipsAwaited ? [awaited] : []), ...(stops ? [stop] : [])];
  return {
    type: 'input',
    block_id: termsBlocks.more,
    optional: true,
    label: plainText(words('terms.more'), slackLimits.inputLabel),
    element: {
      type: 'checkboxes',
      action_id: termsBlocks.more,
      options: [...(canSkip ? [awaited] : []), stop],
      ...(checked.length > 0 ? { initial_options: checked } : {}),
    },
  };
}

function tryBlock(words: Words): types.ActionsBlock {
  const text = plainText(words('processes.past'), slackLimits.buttonText);
  return { type: 'actions', block_id: 'terms_past', elements: [{ type: 'button', action_id: tryTermsActionId, text }] };
}

function placeBlock(words: Words, { place }: TermsDraft, count: number): types.InputBlock {
  const options = Array.from({ length: Math.min(count, slackLimits.selectOptions) }, (_, index) =>
    option(words('terms.placeOption', { place: String(index + 1), count: String(count) }), String(index)),
  );
  return select(termsBlocks.place, words('terms.place'), options, String(place), false);
}
