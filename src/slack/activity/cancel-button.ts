import type { types } from '@slack/bolt';
import type { Start } from '../../starts/queries.ts';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { plainText } from '../block-kit/text-objects.ts';

/** Whether there is something to cancel. */
export const canCancel = ({ status }: Pick<Start, 'status'>) => status === 'waiting' || status === 'running';

/** The *Cancel* button, with a confirmation dialog. */
export function cancelButton(
  words: Words,
  actionId: string,
  { id, processName }: Pick<Start, 'id' | 'processName'>,
): types.Button {
  return {
    type: 'button',
    action_id: actionId,
    text: plainText(words('home.cancelStart'), slackLimits.buttonText),
    value: id,
    style: 'danger',
    confirm: {
      title: plainText(words('home.cancelTitle'), slackLimits.confirmTitle),
      text: plainText(words('home.cancelQuestion', { process: processName }), slackLimits.confirmText),
      confirm: plainText(words('home.cancelYes'), slackLimits.confirmButton),
      deny: plainText(words('home.cancelNo'), slackLimits.confirmButton),
      style: 'danger',
    },
  };
}
