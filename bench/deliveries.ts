import { createHmac } from 'node:crypto';
import type { RawRequest } from './load.ts';

export interface Workspace {
  teamId: string;
  appId: string;
  botUserId: string;
  signingSecret: string;
}

/** Signs a request. Signatures are valid for five minutes (Slack: X-Slack-Request-Timestamp). */
function signedRequest(secret: string, contentType: string, body: string): RawRequest {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  const bytes = Buffer.from(body);
  const head = [
    'POST /slack/events HTTP/1.1',
    'host: 127.0.0.1',
    'user-agent: Slackbot 1.0 (+https://api.slack.com/robots)',
    'accept: */*',
    `content-type: ${contentType}`,
    `content-length: ${bytes.length}`,
    `x-slack-request-timestamp: ${timestamp}`,
    `x-slack-signature: v0=${signature}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), bytes]);
}

let sequence = 0;

/** Slack's envelope of an event, with an id made from {@link sequence}. */
function envelope({ teamId, appId, botUserId }: Workspace, seconds: number) {
  const id = sequence.toString(36).toUpperCase().padStart(10, '0');
  return {
    token: 'verification-token',
    team_id: teamId,
    context_team_id: teamId,
    context_enterprise_id: null,
    api_app_id: appId,
    type: 'event_callback',
    event_id: `Ev${id}`,
    event_time: seconds,
    authorizations: [
      { enterprise_id: null, team_id: teamId, user_id: botUserId, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${id}`,
  };
}

/**
 * Makes `count` deliveries of messages by one person, in each channel in turn. All are different messages unless `ts` is given.
 */
export function messageDeliveries(
  workspace: Workspace,
  message: { channels: readonly string[]; userId: string; userTeamId: string; ts?: string },
  count: number,
): RawRequest[] {
  const seconds = Math.floor(Date.now() / 1000);
  return Array.from({ length: count }, () => {
    sequence += 1;
    const channel = message.channels[sequence % message.channels.length] ?? '';
    const ts = message.ts ?? `${seconds}.${String(sequence).padStart(6, '0')}`;
    const text = `Hello, could you tell me when order ${sequence} is going to be delivered? Thank you.`;
    const body = {
      ...envelope(workspace, seconds),
      event: {
        user: message.userId,
        type: 'message',
        ts,
        client_msg_id: `6f3a1c52-9d1b-4a53-8b1e-${String(sequence).padStart(12, '0')}`,
        text,
        team: message.userTeamId,
        blocks: [
          {
            type: 'rich_text',
            block_id: `B${sequence}`,
            elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
          },
        ],
        channel,
        event_ts: ts,
        channel_type: 'channel',
      },
    };
    return signedRequest(workspace.signingSecret, 'application/json', JSON.stringify(body));
  });
}

/** A delivery for a client conversation that is archived or unarchived. */
export function archiveDelivery(workspace: Workspace, channel: string, isArchived: boolean): RawRequest {
  sequence += 1;
  const seconds = Math.floor(Date.now() / 1000);
  const body = {
    ...envelope(workspace, seconds),
    event: {
      type: isArchived ? 'channel_archive' : 'channel_unarchive',
      channel,
      user: workspace.botUserId,
      event_ts: `${seconds}.${String(sequence).padStart(6, '0')}`,
    },
  };
  return signedRequest(workspace.signingSecret, 'application/json', JSON.stringify(body));
}

/** Slack's request when a person types `value` into an external select of a modal. */
export function suggestionRequest(
  workspace: Workspace,
  select: { userId: string; callbackId: string; blockId: string; actionId: string },
  value: string,
): RawRequest {
  const team = { id: workspace.teamId, domain: 'bench' };
  const view = { id: 'V0BENCH', team_id: workspace.teamId, type: 'modal', callback_id: select.callbackId, blocks: [] };
  const payload = {
    type: 'block_suggestion',
    user: { id: select.userId, username: 'bench', name: 'bench', team_id: workspace.teamId },
    container: { type: 'view', view_id: view.id },
    api_app_id: workspace.appId,
    token: 'verification-token',
    action_id: select.actionId,
    block_id: select.blockId,
    value,
    team,
    view,
  };
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  return signedRequest(workspace.signingSecret, 'application/x-www-form-urlencoded', body);
}
