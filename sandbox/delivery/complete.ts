import type { Core } from '../core.ts';
import { isObject, type JsonObject } from '../json.ts';
import { newTs } from '../state.ts';
import { eventEnvelope } from '../workspace/publish.ts';

const isBlank = (value: unknown) =>
  value === undefined || value === '' || (Array.isArray(value) && value.every((item) => item === ''));

/**
 * Fills in everything that is absent or blank in an Events API body, for this installation. An `event_ts` of null is removed:
 * some of Slack's events have none.
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

/** Fills in the token, app and team of an interaction where absent. */
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
