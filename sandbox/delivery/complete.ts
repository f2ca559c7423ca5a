import type { Core } from '../core.ts';
import { isObject, type JsonObject } from '../json.ts';
import { newTs } from '../state.ts';
import { eventEnvelope } from '../workspace/publish.ts';

const isBlank = (value: unknown) =>
  value === undefined || value === '' || (Array.isArray(value) && value.every((item) => item === ''));

/**
 * An Events API body with everything filled in that is absent or blank, for this installation. An `event_ts` of null is left
 * out: not every event of Slack's has one.
 */
export function completeEvent(core: Core, body: JsonObject): JsonObject {
  const given = isObject(body.event) ? body.event : body;
  const event = { ...given };
  if (isBlank(event.event_ts)) event.event_ts = newTs(core.state, core.now());
  if (event.event_ts === null) delete event.event_ts;
  const envelope = eventEnvelope(core, event);
  if (given === body) return envelope;
  for (const [key, value] of Object.entries(body)) {
    const authorizations = key === 'authorizations' && Array.isArray(value) ? value : undefined;
    const blankAuthorization = authorizations?.every((item) => isObject(item) && isBlank(item.team_id));
    if (key !== 'event' && !isBlank(value) && !blankAuthorization) envelope[key] = value;
  }
  return envelope;
}

/** An interaction with token, app and team filled in where absent. */
export function completeInteraction(core: Core, body: JsonObject): JsonObject {
  const { state, tokens } = core;
  if ('command' in body) {
    const team = { team_id: state.team.id, team_domain: state.team.domain };
    return { token: tokens.verification, ...team, api_app_id: state.app.id, is_enterprise_install: 'false', ...body };
  }
  return {
    team: { id: state.team.id, domain: state.team.domain },
    api_app_id: state.app.id,
    token: tokens.verification,
    enterprise: null,
    is_enterprise_install: false,
    ...body,
  };
}
