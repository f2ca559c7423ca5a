import type { types } from '@slack/bolt';
import { type BindingEvent, bindingEvents } from '../../bindings/queries.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import { mrkdwn, plainText, slackLimits } from '../block-kit/limits.ts';
import { processSearchBlock } from '../search-processes/process-search-block.ts';
import type { EventPlace } from './view-request.ts';

export const selectProcessCallbackId = 'select_live_chat_process';

/** The modal in which the process that an event starts is picked. */
export function selectProcessModal(place: EventPlace, current: ProcessDefinition | undefined): types.ModalView {
  return {
    type: 'modal',
    callback_id: selectProcessCallbackId,
    title: plainText('Select a process', slackLimits.viewTitle),
    submit: plainText('Select', slackLimits.viewSubmit),
    close: plainText('Back', slackLimits.viewSubmit),
    private_metadata: JSON.stringify(place),
    blocks: [
      { type: 'section', text: mrkdwn(`Starts on *${eventLabel(place.event)}*.`) },
      processSearchBlock(current ? { initial: current } : {}),
    ],
  };
}

export function eventLabel(event: BindingEvent): string {
  return bindingEvents.find((candidate) => candidate.event === event)?.label ?? event;
}
