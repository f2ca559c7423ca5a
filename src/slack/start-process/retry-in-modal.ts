import { UserFacingError } from '../../errors.ts';
import { getStart, retryFailedStart } from '../../starts/queries.ts';
import { message } from '../../words/message.ts';
import { waitInModal } from '../notices/start-holds.ts';
import { requireRetryRight } from '../rights/require-retry-right.ts';
import type { SlackContext } from '../slack-context.ts';
import { updateWithView } from '../task-form/show-view.ts';
import { wordsFor } from '../words-for.ts';
import { claimInModal, followStart, settleModal, type Viewer } from './follow-start.ts';
import { startingModal } from './views.ts';

/** The Retry button of a modal that shows a failed start. */
export async function retryInModal(
  context: SlackContext,
  { startId, userId, view }: { startId: string; userId: string; view: { id: string; title: { text: string } } },
): Promise<void> {
  const { db, identity } = context;
  const words = await wordsFor(context, userId);
  const viewer: Viewer = { userId, viewId: view.id };
  let isWaiting = false;
  let mayRetry = false;
  const isOpen = await updateWithView(
    context,
    words,
    view,
    async () => {
      const start = await getStart(db, identity.teamId, startId);
      if (!start) throw new UserFacingError(message('start.gone'));
      await requireRetryRight(context, start, userId);
      mayRetry = true;
      if (start.startedBy === userId) await waitInModal(db, start.id, userId, viewer.viewId);
      await retryFailedStart(db, identity.teamId, startId);
      const shown = await claimInModal(context, words, start, viewer);
      isWaiting = shown.isWaiting;
      return shown.view;
    },
    startingModal(words, words('start.theProcess')),
  );
  if (isWaiting) followStart(context, words, () => getStart(db, identity.teamId, startId), viewer);
  else if (mayRetry) await settleModal(context, startId, viewer, isOpen);
}
