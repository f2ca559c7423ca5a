import { createHash } from 'node:crypto';
import { type ShownField, type ShownForm, shownFields } from '../../processes/show-form.ts';
import { slackLimits } from './limits.ts';

/** The action id of every form element but a long choice's. */
export const fieldActionId = 'value';
/** The action id of a choice with more options than a select can carry: a listener serves them (see choice-options.ts). */
export const longChoiceActionId = 'form_choice';

/**
 * The block id of a field. Slack keeps what a person entered where a modal is updated and block and action id stay the
 * same, so `scope` has to be another for each form that is shown (a task's key, for instance).
 */
export function fieldBlockId(scope: string, fieldId: string): string {
  const id = `${scope}:field:${fieldId}`;
  return id.length <= slackLimits.blockId ? id : `field:${createHash('sha256').update(id).digest('hex')}`;
}

/** The field that a block shows; undefined for a block that is not of this form and scope. */
export function fieldOfBlock(form: ShownForm, scope: string, blockId: string): ShownField | undefined {
  return shownFields(form).find(({ id }) => fieldBlockId(scope, id) === blockId);
}
