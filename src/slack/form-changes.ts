import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import { UserFacingError } from '../errors.ts';
import type { Message } from '../words/message.ts';
import { addEntryActionId, type EntryChange, entryChangeOf, removeEntryActionId } from './block-kit/carried-entries.ts';
import { fieldActionId, longChoiceActionId } from './block-kit/field-block-id.ts';
import { createOneByOne } from './one-by-one.ts';

type View = NonNullable<BlockAction['view']>;

/** What changed in a form before it is shown again. */
export interface FormChange {
  /** An entry that was added to or removed from one of its lists. */
  entry?: EntryChange;
  /** Why the change was not possible. */
  notice?: Message;
}

/**
 * Listens to changes of fields that other fields depend on (see FormField.isWatched), and to entries that are added and
 * removed. `update` shows the form again; updates reach Slack in the order of the changes.
 */
export function registerFormChanges(
  app: App,
  callbackId: string,
  update: (userId: string, view: View, change: FormChange) => Promise<void>,
): void {
  const inOrder = createOneByOne();
  for (const actionId of [fieldActionId, longChoiceActionId]) {
    app.action<BlockAction>({ type: 'block_actions', action_id: actionId }, async ({ ack, body }) => {
      const { view } = body;
      if (view?.callback_id !== callbackId) return;
      await ack();
      await inOrder(view.id, () => update(body.user.id, view, {}));
    });
  }
  for (const actionId of [addEntryActionId, removeEntryActionId]) {
    app.action<BlockAction<ButtonAction>>(
      { type: 'block_actions', action_id: actionId },
      async ({ ack, body, action }) => {
        const { view } = body;
        if (view?.callback_id !== callbackId) return;
        await ack();
        await inOrder(view.id, async () => {
          try {
            await update(body.user.id, view, { entry: entryChangeOf(action) });
          } catch (error) {
            if (!(error instanceof UserFacingError)) throw error;
            await update(body.user.id, view, { notice: error.said });
          }
        });
      },
    );
  }
}
