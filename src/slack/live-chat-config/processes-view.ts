import type { types } from '@slack/bolt';
import { mappingMistakes, parameterChanges } from '../../bindings/fill-parameters.ts';
import { type Binding, bindingEvents } from '../../bindings/queries.ts';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import { scopeLabel } from '../../processes/catalogue.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import { escapeMrkdwn, mrkdwn, plainText, slackLimits } from '../block-kit/limits.ts';
import type { LiveChatPlace } from './view-request.ts';

export const processesCallbackId = 'live_chat_processes';

export interface BoundProcess {
  binding: Binding;
  /** Undefined: the engine has it no more. */
  definition: ProcessDefinition | undefined;
}

/** The modal that lists what each event of a live chat starts. */
export function processesModal(
  liveChat: Pick<LiveChat, 'name'>,
  bound: BoundProcess[],
  place: LiveChatPlace,
): types.ModalView {
  return {
    type: 'modal',
    callback_id: processesCallbackId,
    title: plainText('Business processes', slackLimits.viewTitle),
    close: plainText('Back', slackLimits.viewSubmit),
    private_metadata: JSON.stringify(place),
    blocks: [
      {
        type: 'section',
        text: mrkdwn(`What starts by itself in *${escapeMrkdwn(liveChat.name)}*:`),
      },
      ...bindingEvents.map(({ event, label }) => {
        const process = bound.find(({ binding }) => binding.event === event);
        return process ? boundBlock(label, process) : unboundBlock(event, label);
      }),
    ],
  };
}

function unboundBlock(event: Binding['event'], label: string): types.SectionBlock {
  return {
    type: 'section',
    block_id: `event:${event}`,
    text: mrkdwn(`*${label}*\nNo process`),
    accessory: {
      type: 'button',
      action_id: 'select_process',
      text: plainText('Select', slackLimits.buttonText),
      value: event,
    },
  };
}

function boundBlock(label: string, { binding, definition }: BoundProcess): types.SectionBlock {
  const { event } = binding;
  const name = escapeMrkdwn(definition?.name ?? binding.processName);
  const scope = definition ? ` · ${escapeMrkdwn(scopeLabel(definition))}` : '';
  const trouble = troubleOf({ binding, definition });
  return {
    type: 'section',
    block_id: `event:${event}`,
    text: mrkdwn([`*${label}*`, `${name}${scope}`, ...(trouble ? [`:warning: ${trouble}`] : [])].join('\n')),
    accessory: {
      type: 'overflow',
      action_id: 'binding_menu',
      options: [
        { text: plainText('Change process', slackLimits.optionText), value: `change:${event}` },
        ...(definition
          ? [{ text: plainText('Configure parameters', slackLimits.optionText), value: `configure:${event}` }]
          : []),
        { text: plainText('Remove', slackLimits.optionText), value: `remove:${event}` },
      ],
    },
  };
}

/** Why starts of a binding will fail, in mrkdwn, or what changed since it was saved. */
function troubleOf({ binding, definition }: BoundProcess): string | undefined {
  if (!definition) {
    return 'This process is gone: nothing starts, and every event adds a failed start. Change it or remove it.';
  }
  const changes = parameterChanges(binding.parameters, definition.parameters);
  if (changes.length > 0) {
    return `Its parameters have changed (${escapeMrkdwn(changes.join('; '))}). Configure them again.`;
  }
  const [mistake] = mappingMistakes(binding.mapping, definition.parameters);
  return mistake && `${escapeMrkdwn(mistake)} Configure the parameters again.`;
}
