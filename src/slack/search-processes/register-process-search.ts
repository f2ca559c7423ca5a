import type { App, BlockSuggestion } from '@slack/bolt';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { processOptionGroups, processSearchActionId } from './process-search-block.ts';

export interface ProcessSearchOptions {
  /** The callback id of the view whose search field is served; every feature registers its own. */
  callbackId: string;
  /** Whether this person may see which processes there are, in this view. Anyone else finds nothing. */
  isAllowed(request: BlockSuggestion): Promise<boolean>;
}

/** Answers what people type into the search field ({@link processSearchBlock}) of a view. */
export function registerProcessSearch(
  app: App,
  context: Pick<SlackContext, 'catalogue' | 'directory'>,
  { callbackId, isAllowed }: ProcessSearchOptions,
): void {
  app.options<'block_suggestion'>(
    { type: 'block_suggestion', action_id: processSearchActionId },
    async ({ body, ack }) => {
      // Bolt tells options requests apart by their action id only, and the features share that.
      if (body.view?.callback_id !== callbackId) return;
      const words = await wordsFor(context, body.user.id);
      const found = (await isAllowed(body)) ? context.catalogue().search(body.value) : { groups: [], more: 0 };
      const groups = processOptionGroups(words, found);
      // Slack refuses an empty list of groups, and shows an empty list of options as "No results".
      await ack(groups.length > 0 ? { option_groups: groups } : { options: [] });
    },
  );
}
