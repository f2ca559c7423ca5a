import { parse } from 'yaml';
import { isObject, type JsonObject } from './json.ts';

/** The parts of an app manifest that the sandbox uses. */
export interface AppManifest {
  name: string;
  botName: string;
  commands: string[];
  /** Description and usage hint of each command, by command. */
  commandHints: Record<string, { description: string; usage: string }>;
  shortcuts: { callbackId: string; name: string; description: string; type: 'message' | 'global' }[];
  botEvents: string[];
  botScopes: string[];
  homeTab: boolean;
  messagesTab: boolean;
  /** Whether people cannot write to the app. */
  messagesTabReadOnly: boolean;
}

function objectAt(parent: JsonObject, key: string): JsonObject {
  const value = parent[key];
  return isObject(value) ? value : {};
}

function listAt(parent: JsonObject, key: string): unknown[] {
  const value = parent[key];
  return Array.isArray(value) ? value : [];
}

/** Reads an app manifest (YAML or JSON text). Throws if it is invalid. */
export function readManifest(text: string): AppManifest {
  const root: unknown = parse(text);
  if (!isObject(root)) throw new Error('The app manifest is not a YAML object');
  const features = objectAt(root, 'features');
  const appHome = objectAt(features, 'app_home');
  const name = String(objectAt(root, 'display_information').name ?? 'App');
  const commands = listAt(features, 'slash_commands').filter(isObject);
  return {
    name,
    botName: String(objectAt(features, 'bot_user').display_name ?? name),
    commands: commands.map(({ command }) => String(command)),
    commandHints: Object.fromEntries(
      commands.map(({ command, description, usage_hint: usage }) => [
        String(command),
        { description: String(description ?? ''), usage: String(usage ?? '') },
      ]),
    ),
    shortcuts: listAt(features, 'shortcuts')
      .filter(isObject)
      .map((shortcut) => ({
        callbackId: String(shortcut.callback_id),
        name: String(shortcut.name),
        description: String(shortcut.description ?? ''),
        type: shortcut.type === 'global' ? 'global' : 'message',
      })),
    botEvents: listAt(objectAt(objectAt(root, 'settings'), 'event_subscriptions'), 'bot_events').map(String),
    botScopes: listAt(objectAt(objectAt(root, 'oauth_config'), 'scopes'), 'bot').map(String),
    homeTab: appHome.home_tab_enabled === true,
    messagesTab: appHome.messages_tab_enabled === true,
    messagesTabReadOnly: appHome.messages_tab_read_only_enabled === true,
  };
}

/** The URLs for deliveries over HTTP, as in the app's settings: one for each kind of delivery. */
export interface RequestUrls {
  events: string;
  interactivity: string;
  /** "Options Load URL"; without it, external selects have no options. */
  options: string | undefined;
  /** By slash command. */
  commands: Record<string, string>;
}

/** Reads the URLs that a manifest for HTTP declares. Throws if a URL that Slack requires is missing. */
export function readRequestUrls(text: string): RequestUrls {
  const root: unknown = parse(text);
  if (!isObject(root)) throw new Error('The app manifest is not a YAML object');
  const settings = objectAt(root, 'settings');
  const interactivity = objectAt(settings, 'interactivity');
  const urlAt = (parent: JsonObject, key: string) => {
    const url = parent[key];
    if (typeof url !== 'string' || !URL.canParse(url)) throw new Error(`The app manifest has no URL at ${key}`);
    return url;
  };
  return {
    events: urlAt(objectAt(settings, 'event_subscriptions'), 'request_url'),
    interactivity: urlAt(interactivity, 'request_url'),
    options: 'message_menu_options_url' in interactivity ? urlAt(interactivity, 'message_menu_options_url') : undefined,
    commands: Object.fromEntries(
      listAt(objectAt(root, 'features'), 'slash_commands')
        .filter(isObject)
        .map((command) => [String(command.command), urlAt(command, 'url')]),
    ),
  };
}
