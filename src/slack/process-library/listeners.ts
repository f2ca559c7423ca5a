import type { App } from '@slack/bolt';
import type { SlackContext } from '../slack-context.ts';
import { openAdd, submitFiles } from './add-files.ts';
import { addCallbackId } from './add-view.ts';
import { detailsActions } from './details-view.ts';
import { libraryBeginning } from './library-place.ts';
import { libraryActions } from './library-view.ts';
import { openDetails, restoreVersion, showPicture, switchTo } from './process-details.ts';
import { backToLiveChats, placeOf, showFaults, showLibrary, suggestProcesses } from './show-library.ts';

/** *Processes* in `/livechat-config`: all processes, their actions, and faults in files. */
export function registerProcessLibrary(app: App, context: SlackContext): void {
  const pageNumber = (value: string) => Math.max(0, Number.parseInt(value, 10) || 0);
  app.action(
    libraryActions.open,
    showLibrary(context, () => libraryBeginning),
  );
  app.action(
    libraryActions.all,
    showLibrary(context, () => libraryBeginning),
  );
  for (const turn of [libraryActions.previous, libraryActions.next]) {
    app.action(
      turn,
      showLibrary(context, ({ value }) => ({ page: pageNumber(value) })),
    );
  }
  app.action(
    libraryActions.find,
    showLibrary(context, (action) => ({ page: placeOf(action).page, found: action.value })),
  );
  app.options<'block_suggestion'>(
    { type: 'block_suggestion', action_id: libraryActions.find },
    suggestProcesses(context),
  );
  app.action(libraryActions.liveChats, backToLiveChats(context));
  app.action(libraryActions.faults, showFaults(context));
  app.action(libraryActions.details, openDetails(context));
  app.action(libraryActions.add, openAdd(context));
  app.view(addCallbackId, submitFiles(context));
  app.action(detailsActions.picture, showPicture(context));
  app.action(detailsActions.switchOff, switchTo(context, false));
  app.action(detailsActions.switchOn, switchTo(context, true));
  app.action(detailsActions.restore, restoreVersion(context));
}
