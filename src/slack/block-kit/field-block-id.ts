import { createHash } from 'node:crypto';
import { type ShownField, type ShownForm, shownFields } from '../../processes/show-form.ts';
import { slackLimits } from './limits.ts';

/** Action id of all form elements except long choices. */
export const fieldActionId = 'value';
/** Action id of a choice with more options than a select takes; a listener serves them (see choice-options.ts). */
export const longChoiceActionId = 'form_choice';

/**
 * The block id of a field. When a modal is updated, Slack keeps what was entered in blocks whose block and action id stay the
 * same, so each form that is shown needs its own `scope` (such as a task's key).
 */
export function fieldBlockId(scope: string, fieldId: string): string {
  const id = `${scope}:field:${fieldId}`;
  return id.length <= slackLimits.blockId ? id : `field:${createHash('sha256').update(id).digest('hex')}`;
}

/** The field that a block shows; undefined if the block is not of this form and scope. */
export function fieldOfBlock(form: ShownForm, scope: string, blockId: string): ShownField | undefined {
  return shownFields(form).find(({ id }) => fieldBlockId(scope, id) === blockId);
}
