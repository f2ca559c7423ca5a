import { parse } from 'yaml';
import { isObject, type JsonObject } from './json.ts';

/** What the sandbox needs to know of an app: what its manifest declares. */
export interface AppManifest {
  name: string;
  botName: string;
  commands: string[];
  shortcuts: { callbackId: string; name: string; type: 'message' | 'global' }[];
  botEvents: string[];
  botScopes: string[];
  homeTab: boolean;
  messagesTab: boolean;
}

function objectAt(parent: JsonObject, key: string): JsonObject {
  const value = parent[key];
  return isObject(value) ? value : {};
}

function listAt(parent: JsonObject, key: string): unknown[] {
  const value = parent[key];
  return Array.isArray(value) ? value : [];
}

/** Reads an app manifest (YAML or JSON text). Throws where it is none. */
export function readManifest(text: string): AppManifest {
  const root: unknown = parse(text);
  if (!isObject(root)) throw new Error('The app manifest is not a YAML object');
  const features = objectAt(root, 'features');
  const appHome = objectAt(features, 'app_home');
  const name = String(objectAt(root, 'display_information').name ?? 'App');
  return {
    name,
    botName: String(objectAt(features, 'bot_user').display_name ?? name),
    commands: listAt(features, 'slash_commands')
      .filter(isObject)
      .map((command) => String(command.command)),
    shortcuts: listAt(features, 'shortcuts')
      .filter(isObject)
      .map((shortcut) => ({
        callbackId: String(shortcut.callback_id),
        name: String(shortcut.name),
        type: shortcut.type === 'global' ? 'global' : 'message',
      })),
    botEvents: listAt(objectAt(objectAt(root, 'settings'), 'event_subscriptions'), 'bot_events').map(String),
    botScopes: listAt(objectAt(objectAt(root, 'oauth_config'), 'scopes'), 'bot').map(String),
    homeTab: appHome.home_tab_enabled === true,
    messagesTab: appHome.messages_tab_enabled === true,
  };
}
