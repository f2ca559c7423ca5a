import type { ChecklistTask } from '../../sandbox/page-server/checklist.ts';
import type { WorkspaceState } from '../../sandbox/state.ts';
import type { Delivery } from '../../sandbox/traffic.ts';
import { parametersCallbackId } from '../../src/slack/live-chat-config/parameters-view.ts';
import { startFormCallbackId, startProcessCallbackId } from '../../src/slack/start-process/views.ts';
import { firstChannel } from './first-channel.ts';

/** Whether it is a submission of this view that the app accepted without errors. */
function isAccepted({ type, body, attempts }: Delivery, callbackId: string): boolean {
  const view = body.view as { callback_id?: string } | undefined;
  const answer = attempts.at(-1)?.answer as { response_action?: string } | undefined;
  return type === 'view_submission' && view?.callback_id === callbackId && answer?.response_action !== 'errors';
}

function isOfClient({ type, body }: Delivery, { users, channels, team }: WorkspaceState): boolean {
  const event = body.event as { user?: string; channel?: string; subtype?: string } | undefined;
  const author = users[event?.user ?? ''];
  const channel = channels[event?.channel ?? ''];
  const isClient = author !== undefined && (author.teamId !== team.id || author.isRestricted);
  const isText = event?.subtype === undefined || event.subtype === 'file_share';
  return type === 'message' && isText && isClient && channel?.name.startsWith('support-') === true;
}

/** The steps to try first. `people` are Slack ids. */
export function firstMinute(
  state: () => WorkspaceState,
  people: { administrator: string; operator: string; client: string },
): ChecklistTask[] {
  return [
    {
      id: 'write',
      title: 'Write as the client',
      text: `Carl works for Acme, a client. Write a message in *#${firstChannel.name}*: it opens a session.`,
      actAs: people.client,
      channel: firstChannel.name,
      isShownBy: (delivery) => isOfClient(delivery, state()),
    },
    {
      id: 'lead',
      title: 'See the lead appear',
      text: "Carl's first message started *Create lead*, which has posted him to the CRM.",
      link: { label: 'Open the CRM', url: '/crm' },
    },
    {
      id: 'start',
      title: 'Start a process as the operator',
      text: "On Carl's message choose *More actions* → *Start business process*, then *Escalate*, and press *Start*.",
      actAs: people.operator,
      channel: firstChannel.name,
      isShownBy: (delivery) => isAccepted(delivery, startProcessCallbackId),
    },
    {
      id: 'form',
      title: 'Use a form that is filled in already',
      text: "Carl's words, name and e-mail address are in its form. Say why you need a colleague, choose *Olga Operator* and press *Start*: she gets the task, and Carl sees nothing of it.",
      actAs: people.operator,
      isShownBy: (delivery) => isAccepted(delivery, startFormCallbackId),
    },
    {
      id: 'bind',
      title: 'Change a binding as the administrator',
      text: 'Type `/livechat-config` in any channel. Beside *Support* choose *⋯* → *Business processes*, then *⋯* → *Configure parameters* or another process, and *Save*.',
      actAs: people.administrator,
      isShownBy: (delivery) => isAccepted(delivery, parametersCallbackId),
    },
  ];
}
