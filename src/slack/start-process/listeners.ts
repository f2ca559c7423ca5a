import type { App, BlockAction, ButtonAction, MessageShortcut, ViewSubmitAction } from '@slack/bolt';
import { registerFormChanges } from '../form-changes.ts';
import type { SlackContext } from '../slack-context.ts';
import { releaseModal } from '../task-form/notify-tasks.ts';
import { openStartProcess } from './open-start-process.ts';
import { retryInModal } from './retry-in-modal.ts';
import { registerStartChoices } from './start-form-choices.ts';
import { submitProcess, submitStartForm } from './submit-start.ts';
import { updateStartForm } from './update-start-form.ts';
import { retryStartActionId, startFormCallbackId, startProcessCallbackId, startProgressCallbackId } from './views.ts';

export function registerStartProcess(app: App, context: SlackContext): void {
  app.shortcut<MessageShortcut>({ callback_id: 'start_process', type: 'message_action' }, async ({ ack, shortcut }) => {
    await ack();
    await openStartProcess(context, shortcut);
  });
  app.view<ViewSubmitAction>(startProcessCallbackId, (submission) => submitProcess(context, submission));
  app.view<ViewSubmitAction>(startFormCallbackId, (submission) => submitStartForm(context, submission));
  registerFormChanges(app, startFormCallbackId, (userId, view, change) =>
    updateStartForm(context, userId, view, change),
  );
  app.action<BlockAction<ButtonAction>>(retryStartActionId, async ({ ack, action, body }) => {
    await ack();
    if (body.view) await retryInModal(context, { startId: action.value ?? '', userId: body.user.id, view: body.view });
  });
  app.view({ callback_id: startProgressCallbackId, type: 'view_closed' }, async ({ ack, view }) => {
    await ack();
    await releaseModal(context, view.root_view_id ?? view.id);
  });
  registerStartChoices(app, context);
}
