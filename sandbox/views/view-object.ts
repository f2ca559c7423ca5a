import { createHash } from 'node:crypto';
import type { Core } from '../core.ts';
import type { JsonObject } from '../json.ts';
import type { ViewRecord } from '../state.ts';

/** A view as in Web API answers and interactive payloads. */
export function viewObject(core: Core, record: ViewRecord): JsonObject {
  const { state } = core;
  const { view } = record;
  return {
    id: record.id,
    team_id: state.users[record.userId]?.teamId ?? state.team.id,
    type: view.type,
    blocks: view.blocks,
    private_metadata: view.private_metadata,
    callback_id: view.callback_id,
    state: { values: record.values },
    hash: record.hash,
    title: view.title ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: view.clear_on_close,
    notify_on_close: view.notify_on_close,
    close: view.close ?? null,
    submit: view.submit ?? null,
    previous_view_id: record.previousViewId,
    root_view_id: record.rootViewId,
    app_id: state.app.id,
    external_id: view.external_id,
    app_installed_team_id: state.team.id,
    bot_id: state.app.botId,
  };
}

/** A new hash for a view, which changes with every update. */
export function newHash(core: Core, id: string): string {
  core.state.sequence += 1;
  const digest = createHash('sha1').update(`${id}${core.state.sequence}`).digest('base64url').slice(0, 8);
  return `${Math.floor(core.now() / 1000)}.${digest}`;
}
