import type { types } from '@slack/bolt';
import { type BindingEvent, boundEvents } from '../../bindings/binding-kinds.ts';
import { mappingMistakes, parameterChanges } from '../../bindings/fill-parameters.ts';
import type { Binding } from '../../bindings/queries.ts';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import { scopeOf } from '../../processes/catalogue.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { joined, type Markup, markup, say } from '../block-kit/markup.ts';
import { mrkdwn, plainText, section } from '../block-kit/text-objects.ts';
import { describeTerms, isBlank } from './describe-terms.ts';
import type { LiveChatPlace } from './view-request.ts';

export const processesCallbackId = 'live_chat_processes';

export interface BoundProcess {
  binding: Binding;
  /** Undefined: the engine no longer has the process. */
  definition: ProcessDefinition | undefined;
}

/** The modal that lists the bindings of a live chat's events. */
export function processesModal(
  words: Words,
  liveChat: Pick<LiveChat, 'name'>,
  bound: BoundProcess[],
  place: LiveChatPlace,
  notice?: Markup,
): types.ModalView {
  const about = say(words, 'processes.about', { name: liveChat.name });
  return {
    type: 'modal',
    callback_id: processesCallbackId,
    title: plainText(words('processes.title'), slackLimits.viewTitle),
    close: plainText(words('button.back'), slackLimits.viewSubmit),
    private_metadata: JSON.stringify(place),
    blocks: [
      section(notice ? markup`⚠️ ${notice}\n\n${about}` : about),
      ...boundEvents.flatMap((event) => {
        const processes = bound.filter(({ binding }) => binding.event === event);
        return [
          eventBlock(words, event, processes.length > 0),
          ...processes.map((process) => boundBlock(words, process)),
        ];
      }),
    ],
  };
}

/** Maximum number of bindings that fit into the modal, beside a block for each event and the first block. */
export const mostBindings = slackLimits.viewBlocks - boundEvents.length - 1;

function eventBlock(words: Words, event: BindingEvent, isBound: boolean): types.SectionBlock {
  const name = markup`*${words(`event.${event}`)}*`;
  return {
    type: 'section',
    block_id: `event:${event}`,
    text: mrkdwn(isBound ? name : markup`${name}\n${say(words, 'processes.none')}`),
    accessory: {
      type: 'button',
      action_id: 'select_process',
      text: plainText(words(isBound ? 'processes.add' : 'button.select'), slackLimits.buttonText),
      value: event,
    },
  };
}

function boundBlock(words: Words, { binding, definition }: BoundProcess): types.SectionBlock {
  const { id, event, isOn } = binding;
  const terms = describeTerms(words, binding);
  const name = definition?.name ?? binding.processName;
  const scope = definition
    ? [scopeOf(definition) ?? words('scope.company'), ...(definition.engine ? [definition.engine] : [])]
    : [];
  const trouble = troubleOf(words, { binding, definition });
  return {
    type: 'section',
    block_id: `binding:${id}`,
    text: mrkdwn(
      joined(
        [
          markup`${words(`event.${event}`)} → ${joined([name, ...scope], ' · ')}`,
          ...(isBlank(terms) ? [] : [terms]),
          ...(isOn ? [] : [say(words, 'processes.isOff')]),
          ...(trouble ? [markup`:warning: ${trouble}`] : []),
        ],
        '\n',
      ),
    ),
    accessory: {
      type: 'overflow',
      action_id: 'binding_menu',
      options: [
        option(words('processes.terms'), `terms:${id}`),
        // Slack's overflow menus take five entries, so *Try it on the past* is in *When it starts*.
        ...(definition ? [option(words('processes.configure'), `configure:${id}`)] : []),
        option(words('processes.change'), `change:${id}`),
        isOn ? option(words('processes.switchOff'), `off:${id}`) : option(words('processes.switchOn'), `on:${id}`),
        option(words('processes.remove'), `remove:${id}`),
      ],
    },
  };
}

const option = (text: string, value: string): types.PlainTextOption => ({
  text: plainText(text, slackLimits.optionText),
  value,
});

/** Why starts of a binding will fail, or what changed since it was saved. */
function troubleOf(words: Words, { binding, definition }: BoundProcess): Markup | undefined {
  if (!definition) {
    return say(words, 'processes.isGone');
  }
  if (definition.isOff) return say(words, 'processes.processIsOff');
  const changes = parameterChanges(binding.parameters, definition.parameters);
  if (changes.length > 0) {
    return say(words, 'processes.changed', { changes: changes.map((change) => words(change)).join('; ') });
  }
  const [mistake] = mappingMistakes(binding.mapping, definition.parameters);
  return mistake && say(words, 'processes.unfit', { mistake });
}
