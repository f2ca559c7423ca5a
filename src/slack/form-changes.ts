import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import { UserFacingError } from '../errors.ts';
import type { Message } from '../words/message.ts';
import {
  addEntryActionId,
  type EntryChange,
  entryChangeOf,
  missingChanges,
  removeEntryActionId,
} from './block-kit/carried-entries.ts';
import { fieldActionId, longChoiceActionId } from './block-kit/field-block-id.ts';
import { createOneByOne } from './one-by-one.ts';

type View = NonNullable<BlockAction['view']>;

/** Modals whose changes are remembered: many more than are filled in at a time. */
const mostRemembered = 1000;

/** A change to a form before it is shown again. */
export interface FormChange {
  /** Entries that were added to or removed from its lists. */
  entries: readonly EntryChange[];
  /** Why the change was not possible. */
  notice?: Message;
}

/**
 * Listens to changes of fields that other fields depend on (see FormField.isWatched), and to entries that are added and
 * removed. `update` shows the form again; updates reach Slack in the order of the changes. A quick click carries the modal
 * as it was before the previous click; the previous change is kept.
 */
export function registerFormChanges(
  app: App,
  callbackId: string,
  update: (userId: string, view: View, change: FormChange) => Promise<void>,
): void {
  const inOrder = createOneByOne();
  /** By view: changes that the person may not have seen yet. */
  const recent = new Map<string, readonly EntryChange[]>();
  const remember = (viewId: string, changes: readonly EntryChange[]) => {
    recent.delete(viewId);
    if (changes.length > 0) recent.set(viewId, changes);
    const [oldest] = recent.size > mostRemembered ? recent.keys() : [];
    if (oldest !== undefined) recent.delete(oldest);
  };
  const stillMissing = (view: View) => missingChanges(view.private_metadata, recent.get(view.id) ?? []);
  for (const actionId of [fieldActionId, longChoiceActionId]) {
    app.action<BlockAction>({ type: 'block_actions', action_id: actionId }, async ({ ack, body }) => {
      const { view } = body;
      if (view?.callback_id !== callbackId) return;
      await ack();
      await inOrder(view.id, async () => {
        const entries = stillMissing(view);
        remember(view.id, entries);
        await update(body.user.id, view, { entries });
      });
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
          const before = stillMissing(view);
          const entries = [...before, entryChangeOf(action, view.private_metadata, before)];
          remember(view.id, entries);
          try {
            await update(body.user.id, view, { entries });
          } catch (error) {
            if (!(error instanceof UserFacingError)) throw error;
            remember(view.id, before);
            await update(body.user.id, view, { entries: before, notice: error.said });
          }
        });
      },
    );
  }
}
