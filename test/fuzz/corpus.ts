import { readdirSync, readFileSync } from 'node:fs';
import type { JsonObject } from '../../sandbox/json.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { DeliveryKind } from '../../sandbox/traffic.ts';

export interface Specimen {
  kind: DeliveryKind;
  body: JsonObject;
}

const folder = 'test/fixtures/slack-payloads';

/** Deliveries to mutate: all that the workspace made so far, and one of each shape that Slack is known to send. */
export function collectSpecimens(sandbox: Sandbox, channelId: string): Specimen[] {
  const seen = sandbox.traffic.deliveries.map(({ kind, body }) => ({ kind, body }));
  const events = shapes('events').map((shape): Specimen => ({ kind: 'event', body: fill(sandbox, shape, channelId) }));
  const interactions = shapes('interactivity').map((shape): Specimen => {
    const body = fill(sandbox, shape, channelId);
    const kind = 'command' in body ? 'command' : 'interaction';
    return { kind, body };
  });
  return [...seen, ...events, ...interactions];
}

function shapes(kind: string): JsonObject[] {
  return readdirSync(`${folder}/${kind}`)
    .sort()
    .map((file): JsonObject => JSON.parse(readFileSync(`${folder}/${kind}/${file}`, 'utf8')));
}

/** Fills the blanks of a shape with this workspace's ids. */
function fill(sandbox: Sandbox, shape: JsonObject, channelId: string): JsonObject {
  const values: Record<string, unknown> = {
    channel: channelId,
    channel_id: channelId,
    old_channel_id: channelId,
    new_channel_id: 'C0NEW000001',
    user: sandbox.people.gina.id,
    user_id: sandbox.people.oleg.id,
    team: sandbox.teamId,
    team_id: sandbox.teamId,
    app_installed_team_id: sandbox.teamId,
    channel_type: 'channel',
    ts: '1800000000.000100',
    event_ts: '1800000000.000100',
    message_ts: '1800000000.000100',
    event_id: 'Ev0SHAPE',
    trigger_id: '1.2.3',
    callback_id: 'start_process',
    command: '/livechat-config',
    tab: 'home',
    created: 1_700_000_000,
  };
  const filled = (value: unknown, key: string, parent: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => filled(item, '', key));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, filled(item, name, key)]));
    }
    const known = key === 'id' ? values[parent] : values[key];
    return value === '' || key.endsWith('ts') ? (known ?? value) : value;
  };
  const body = filled(shape, '', '') as JsonObject;
  if (!('event' in body)) return body;
  return { ...body, type: 'event_callback', authorizations: [{ team_id: sandbox.teamId }] };
}
