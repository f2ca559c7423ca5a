import type { App, BlockAction, ButtonAction, ViewSubmitAction } from '@slack/bolt';
import { UserFacingError } from '../../errors.ts';
import { notification, say } from '../block-kit/markup.ts';
import { registerFormChanges } from '../form-changes.ts';
import { actInHome } from '../home/act-in-home.ts';
import { errorMessage } from '../open-modal.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { claimTask } from './claim-task.ts';
import { releaseModal } from './notify-tasks.ts';
import { openReassign, submitReassign } from './reassign-task.ts';
import { reassignCallbackId } from './reassign-view.ts';
import { openTask, submitTask } from './submit-task.ts';
import { claimTaskActionId, openTaskActionId, reassignTaskActionId } from './task-actions.ts';
import { registerTaskChoices } from './task-choices.ts';
import { updateTaskForm } from './update-task-form.ts';
import { taskFormCallbackId } from './views.ts';

export function registerTaskForm(app: App, context: SlackContext): void {
  app.action<BlockAction<ButtonAction>>(openTaskActionId, async ({ ack, action, body }) => {
    await ack();
    await openTask(context, { triggerId: body.trigger_id, userId: body.user.id, taskKey: action.value ?? '' });
  });
  app.action<BlockAction<ButtonAction>>(claimTaskActionId, async ({ ack, action, body, respond }) => {
    await ack();
    const claim = () => claimTask(context, action.value ?? '', body.user.id);
    if (body.view) return actInHome(context, body, claim);
    try {
      await claim();
    } catch (error) {
      const text = say(await wordsFor(context, body.user.id), errorMessage(error));
      await respond({ response_type: 'ephemeral', replace_original: false, text: notification(text) });
      if (!(error instanceof UserFacingError)) throw error;
    }
  });
  app.action<BlockAction<ButtonAction>>(
    new RegExp(`^${reassignTaskActionId}(_\\d+)?$`),
    async ({ ack, action, body }) => {
      await ack();
      await openReassign(context, { triggerId: body.trigger_id, userId: body.user.id, taskKey: action.value ?? '' });
    },
  );
  registerFormChanges(app, taskFormCallbackId, (userId, view, change) => updateTaskForm(context, userId, view, change));
  app.view<ViewSubmitAction>(reassignCallbackId, (submission) => submitReassign(context, submission));
  app.view<ViewSubmitAction>(taskFormCallbackId, (submission) => submitTask(context, submission));
  app.view({ callback_id: taskFormCallbackId, type: 'view_closed' }, async ({ ack, view }) => {
    await ack();
    await releaseModal(context, view.root_view_id ?? view.id);
  });
  registerTaskChoices(app, context);
}
