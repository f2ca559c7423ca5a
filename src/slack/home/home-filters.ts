import type { App, BlockAction, ButtonAction, ExternalSelectAction, StaticSelectAction, types } from '@slack/bolt';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { plainText } from '../block-kit/text-objects.ts';
import { homeRights } from '../rights/home-rights.ts';
import { processOfOption, processOption } from '../search-processes/process-search-block.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { actInHome } from './act-in-home.ts';
import { everything, homeActionIds } from './home-actions.ts';
import { type HomePlace, startStatuses } from './home-place.ts';
import { changePlace } from './turn-pages.ts';

/** Listens to the selects above the list of starts, and serves their options. */
export function registerHomeFilters(app: App, context: SlackContext): void {
  const { status, liveChat, process, showAll } = homeActionIds;
  const onChoice = (actionId: string, filter: (value: string) => Partial<HomePlace>) =>
    app.action<BlockAction<StaticSelectAction | ExternalSelectAction>>(actionId, async ({ ack, action, body }) => {
      await ack();
      const value = action.selected_option?.value ?? everything;
      await actInHome(context, body, () =>
        // A different list starts at its newest start.
        changePlace(context, body.user.id, (place) => ({ ...place, startsFrom: undefined, ...filter(value) })),
      );
    });
  onChoice(status, (value) => ({ status: startStatuses.find((one) => one === value) }));
  onChoice(liveChat, (value) => ({ liveChatId: value === everything ? undefined : value }));
  onChoice(process, (value) => {
    const found = value === everything ? undefined : processOfOption(context.catalogue(), value);
    return { process: found && { id: found.id, name: found.name } };
  });
  app.action<BlockAction<ButtonAction>>(showAll, async ({ ack, body }) => {
    await ack();
    const none = { status: undefined, liveChatId: undefined, process: undefined, startsFrom: undefined };
    await actInHome(context, body, () => changePlace(context, body.user.id, (place) => ({ ...place, ...none })));
  });
  app.options<'block_suggestion'>({ type: 'block_suggestion', action_id: liveChat }, async ({ body, ack }) => {
    const { supervised } = await homeRights(context, body.user.id);
    await ack({ options: liveChatOptions(await wordsFor(context, body.user.id), supervised, body.value) });
  });
  app.options<'block_suggestion'>({ type: 'block_suggestion', action_id: process }, async ({ body, ack }) => {
    const { supervised } = await homeRights(context, body.user.id);
    const words = await wordsFor(context, body.user.id);
    await ack({ options: supervised.length > 0 ? processOptions(context, words, body.value) : [] });
  });
}

/** One option is the one that means all. */
const mostOptions = slackLimits.selectOptions - 1;

const option = (text: string, value: string): types.PlainTextOption => ({
  text: plainText(text, slackLimits.optionText),
  value,
});

function liveChatOptions(words: Words, liveChats: LiveChat[], typed: string): types.PlainTextOption[] {
  const found = liveChats.filter(({ name }) => name.toLowerCase().includes(typed.toLowerCase()));
  return [
    option(words('home.allLiveChats'), everything),
    ...found.slice(0, mostOptions).map(({ id, name }) => option(name, id)),
  ];
}

function processOptions({ catalogue }: SlackContext, words: Words, typed: string): types.PlainTextOption[] {
  const { groups } = catalogue().search(typed, { limit: mostOptions });
  return [
    option(words('home.allProcesses'), everything),
    ...groups.flatMap(({ definitions }) => definitions.map(processOption)),
  ];
}
