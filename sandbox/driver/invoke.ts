import { type Core, recordViolation } from '../core.ts';
import type { DeliveryOutcome } from '../delivery/deliverer.ts';
import { isObject } from '../json.ts';
import { SlackError } from '../slack-error.ts';
import { type ChannelRecord, newTs } from '../state.ts';
import { newTrigger } from '../views/triggers.ts';
import { newResponseUrl, respond } from '../web-api/response-url.ts';
import { channelNameInPayload } from '../wire/channels.ts';
import { messageObject } from '../wire/messages.ts';
import { findMessage } from '../workspace/messages.ts';
import { interactionBase, sendInteraction } from './interaction.ts';

/** Runs a slash command of the app, and shows the answer in its acknowledgement. */
export async function runCommand(
  core: Core,
  userId: string,
  channel: ChannelRecord,
  command: string,
  text: string,
): Promise<DeliveryOutcome> {
  const { state, manifest, tokens } = core;
  if (!manifest.commands.includes(command)) {
    throw new Error(`The app has no command ${command}, but ${manifest.commands.join(', ') || 'none'}`);
  }
  const body = {
    token: tokens.verification,
    team_id: state.team.id,
    team_domain: state.team.domain,
    channel_id: channel.id,
    channel_name: channelNameInPayload(channel),
    user_id: userId,
    user_name: state.users[userId]?.handle,
    command,
    text,
    api_app_id: state.app.id,
    is_enterprise_install: 'false',
    response_url: newResponseUrl(core, { userId, channel: channel.id }),
    trigger_id: newTrigger(core, userId, { channel: channel.id }),
  };
  const outcome = await sendInteraction(core, userId, body, { kind: 'command', name: command });
  const { acknowledged, answer } = outcome;
  if (!acknowledged || answer === undefined || answer === '') return outcome;
  try {
    respond(core, isObject(answer) ? answer : { text: String(answer) }, { channel, userId });
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const messages = Array.isArray(error.extra.errors) ? error.extra.errors.map(String) : [];
    recordViolation(core, { kind: 'answer', subject: command, error: error.code, messages });
  }
  return outcome;
}

/** Throws if the app's manifest does not declare the shortcut. */
function requireShortcut(core: Core, type: 'message' | 'global', callbackId: string): void {
  const shortcuts = core.manifest.shortcuts.filter((shortcut) => shortcut.type === type);
  if (shortcuts.some((shortcut) => shortcut.callbackId === callbackId)) return;
  const known = shortcuts.map((shortcut) => shortcut.callbackId).join(', ');
  throw new Error(`The app has no ${type} shortcut "${callbackId}", but ${known || 'none'}`);
}

/** Uses one of the app's global shortcuts. */
export async function useGlobalShortcut(core: Core, userId: string, callbackId: string): Promise<DeliveryOutcome> {
  requireShortcut(core, 'global', callbackId);
  const body = {
    ...interactionBase(core, userId, 'shortcut'),
    action_ts: newTs(core.state, core.now()),
    callback_id: callbackId,
    trigger_id: newTrigger(core, userId),
  };
  return sendInteraction(core, userId, body, { name: `shortcut ${callbackId}` });
}

/** Uses one of the app's message shortcuts. */
export async function useMessageShortcut(
  core: Core,
  userId: string,
  channel: ChannelRecord,
  callbackId: string,
  ts: string,
): Promise<DeliveryOutcome> {
  requireShortcut(core, 'message', callbackId);
  const message = findMessage(channel, ts);
  if (!message) throw new Error(`There is no message ${ts} in #${channel.name}`);
  if (message.ephemeralTo) throw new Error('Slack offers no shortcuts on ephemeral messages');
  const at = { userId, channel: channel.id, messageTs: message.ts };
  const body = {
    ...interactionBase(core, userId, 'message_action'),
    action_ts: newTs(core.state, core.now()),
    channel: { id: channel.id, name: channelNameInPayload(channel) },
    callback_id: callbackId,
    trigger_id: newTrigger(core, userId, { channel: channel.id }),
    response_url: newResponseUrl(core, at),
    message_ts: message.ts,
    message: messageObject(core, channel, message),
  };
  return sendInteraction(core, userId, body, { name: `message_action ${callbackId}` });
}
