import type { types } from '@slack/bolt';
import { mappingMistakes, parameterChanges } from '../../bindings/fill-parameters.ts';
import { type Binding, bindingEvents } from '../../bindings/queries.ts';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import { scopeOf } from '../../processes/catalogue.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { joined, type Markup, markup, say } from '../block-kit/markup.ts';
import { mrkdwn, plainText, section } from '../block-kit/text-objects.ts';
import type { LiveChatPlace } from './view-request.ts';

export const processesCallbackId = 'live_chat_processes';

export interface BoundProcess {
  binding: Binding;
  /** Undefined: the engine has it no more. */
  definition: ProcessDefinition | undefined;
}

/** The modal that lists what each event of a live chat starts. */
export function processesModal(
  words: Words,
  liveChat: Pick<LiveChat, 'name'>,
  bound: BoundProcess[],
  place: LiveChatPlace,
): types.ModalView {
  return {
    type: 'modal',
    callback_id: processesCallbackId,
    title: plainText(words('processes.title'), slackLimits.viewTitle),
    close: plainText(words('button.back'), slackLimits.viewSubmit),
    private_metadata: JSON.stringify(place),
    blocks: [
      section(say(words, 'processes.about', { name: liveChat.name })),
      ...bindingEvents.map((event) => {
        const process = bound.find(({ binding }) => binding.event === event);
        return process ? boundBlock(words, process) : unboundBlock(words, event);
      }),
    ],
  };
}

function unboundBlock(words: Words, event: Binding['event']): types.SectionBlock {
  return {
    type: 'section',
    block_id: `event:${event}`,
    text: mrkdwn(markup`*${words(`event.${event}`)}*\n${say(words, 'processes.none')}`),
    accessory: {
      type: 'button',
      action_id: 'select_process',
      text: plainText(words('button.select'), slackLimits.buttonText),
      value: event,
    },
  };
}

function boundBlock(words: Words, { binding, definition }: BoundProcess): types.SectionBlock {
  const { event } = binding;
  const name = definition?.name ?? binding.processName;
  const scope = definition
    ? [scopeOf(definition) ?? words('scope.company'), ...(definition.engine ? [definition.engine] : [])]
    : [];
  const trouble = troubleOf(words, { binding, definition });
  return {
    type: 'section',
    block_id: `event:${event}`,
    text: mrkdwn(
      joined(
        [
          markup`*${words(`event.${event}`)}*`,
          joined([name, ...scope], ' · '),
          ...(trouble ? [markup`:warning: ${trouble}`] : []),
        ],
        '\n',
      ),
    ),
    accessory: {
      type: 'overflow',
      action_id: 'binding_menu',
      options: [
        { text: plainText(words('processes.change'), slackLimits.optionText), value: `change:${event}` },
        ...(definition
          ? [{ text: plainText(words('processes.configure'), slackLimits.optionText), value: `configure:${event}` }]
          : []),
        { text: plainText(words('processes.remove'), slackLimits.optionText), value: `remove:${event}` },
      ],
    },
  };
}

/** Why starts of a binding will fail, or what changed since it was saved. */
function troubleOf(words: Words, { binding, definition }: BoundProcess): Markup | undefined {
  if (!definition) {
    return say(words, 'processes.isGone');
  }
  const changes = parameterChanges(binding.parameters, definition.parameters);
  if (changes.length > 0) {
    return say(words, 'processes.changed', { changes: changes.map((change) => words(change)).join('; ') });
  }
  const [mistake] = mappingMistakes(binding.mapping, definition.parameters);
  return mistake && say(words, 'processes.unfit', { mistake });
}
