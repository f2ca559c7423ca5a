import type { App, BlockAction } from '@slack/bolt';
import { fieldActionId, longChoiceActionId } from './block-kit/field-block-id.ts';
import { createOneByOne } from './one-by-one.ts';

/**
 * Listens to what people enter in the fields of a form that others depend on (see FormField.isWatched). `update` shows the
 * form anew; what it makes of several changes reaches Slack in their order.
 */
export function registerFormChanges(
  app: App,
  callbackId: string,
  update: (userId: string, view: NonNullable<BlockAction['view']>) => Promise<void>,
): void {
  const inOrder = createOneByOne();
  for (const actionId of [fieldActionId, longChoiceActionId]) {
    app.action<BlockAction>({ type: 'block_actions', action_id: actionId }, async ({ ack, body }) => {
      const { view } = body;
      if (view?.callback_id !== callbackId) return;
      await ack();
      await inOrder(view.id, () => update(body.user.id, view));
    });
  }
}
