import type { App, BlockAction, ButtonAction, ViewSubmitAction } from '@slack/bolt';
import type { SlackContext } from '../slack-context.ts';
import { releaseModal } from './notify-tasks.ts';
import { openTask, submitTask } from './submit-task.ts';
import { registerTaskChoices } from './task-choices.ts';
import { openTaskActionId } from './task-message.ts';
import { taskFormCallbackId } from './views.ts';

export function registerTaskForm(app: App, context: SlackContext): void {
  app.action<BlockAction<ButtonAction>>(openTaskActionId, async ({ ack, action, body }) => {
    await ack();
    await openTask(context, { triggerId: body.trigger_id, userId: body.user.id, taskKey: action.value ?? '' });
  });
  app.view<ViewSubmitAction>(taskFormCallbackId, (submission) => submitTask(context, submission));
  app.view({ callback_id: taskFormCallbackId, type: 'view_closed' }, async ({ ack, view }) => {
    await ack();
    await releaseModal(context, view.root_view_id ?? view.id);
  });
  registerTaskChoices(app, context);
}
