import type { App, BlockSuggestion } from '@slack/bolt';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { processOptionGroups, processSearchActionId } from './process-search-block.ts';

export interface ProcessSearchOptions {
  /** Callback id of the view; every feature registers its own. */
  callbackId: string;
  /** Whether this person may see the processes in this view. Others find nothing. */
  isAllowed(request: BlockSuggestion): Promise<boolean>;
}

/** Serves the options of the search field ({@link processSearchBlock}) of a view. */
export function registerProcessSearch(
  app: App,
  context: Pick<SlackContext, 'catalogue' | 'directory'>,
  { callbackId, isAllowed }: ProcessSearchOptions,
): void {
  app.options<'block_suggestion'>(
    { type: 'block_suggestion', action_id: processSearchActionId },
    async ({ body, ack }) => {
      // Bolt distinguishes options requests by action id only, which the features share.
      if (body.view?.callback_id !== callbackId) return;
      const words = await wordsFor(context, body.user.id);
      const found = (await isAllowed(body)) ? context.catalogue().search(body.value) : { groups: [], more: 0 };
      const groups = processOptionGroups(words, found);
      // Slack refuses an empty list of groups, and shows an empty list of options as "No results".
      await ack(groups.length > 0 ? { option_groups: groups } : { options: [] });
    },
  );
}
