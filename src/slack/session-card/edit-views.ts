import type { types } from '@slack/bolt';
import type { ModalView } from '@slack/web-api';
import type { Person } from '../../sessions/people.ts';
import type { Session } from '../../sessions/session.ts';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { plainText } from '../block-kit/text-objects.ts';
import { type StartPlace, writePlace } from '../start-process/start-place.ts';

export const clientCallbackId = 'session_client';
export const nameCallbackId = 'session_name';
export const clientBlockId = 'client';
export const clientActionId = 'session_member';
export const nameBlockId = 'name';
export const nameActionId = 'session_name_text';

/** The modal that changes the client; members of the conversation are searched as the person types. */
export function clientModal(place: StartPlace, client: Person | undefined, words: Words): ModalView {
  return editModal(clientCallbackId, place, words('session.button.correctClient'), words, {
    type: 'input',
    block_id: clientBlockId,
    label: plainText(words('session.client'), slackLimits.inputLabel),
    hint: plainText(words('session.clientHint'), slackLimits.inputHint),
    element: {
      type: 'external_select',
      action_id: clientActionId,
      min_query_length: 0,
      ...(client ? { initial_option: memberOption(client) } : {}),
    },
  });
}

export function memberOption({ id, name, company }: Person): types.PlainTextOption {
  return { text: plainText(company ? `${name} (${company})` : name, slackLimits.optionText), value: id };
}

/** The modal that renames the session. */
export function nameModal(place: StartPlace, session: Session, words: Words): ModalView {
  return editModal(nameCallbackId, place, words('session.button.rename'), words, {
    type: 'input',
    block_id: nameBlockId,
    optional: true,
    label: plainText(words('session.name'), slackLimits.inputLabel),
    hint: plainText(words('session.nameHint'), slackLimits.inputHint),
    element: {
      type: 'plain_text_input',
      action_id: nameActionId,
      max_length: longestName,
      ...(session.givenName === null ? {} : { initial_value: session.givenName }),
      placeholder: plainText(session.name, slackLimits.placeholder),
    },
  });
}

/** Slack's maximum length of a channel name. */
const longestName = 80;

function editModal(
  callbackId: string,
  place: StartPlace,
  title: string,
  words: Words,
  block: types.InputBlock,
): ModalView {
  return {
    type: 'modal',
    callback_id: callbackId,
    private_metadata: writePlace(place),
    title: plainText(title, slackLimits.viewTitle),
    submit: plainText(words('button.save'), slackLimits.viewSubmit),
    close: plainText(words('button.cancel'), slackLimits.viewSubmit),
    blocks: [block],
  };
}
