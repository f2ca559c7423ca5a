import { type Core, recordViolation } from '../core.ts';
import type { DeliveryOutcome } from '../delivery/deliverer.ts';
import type { JsonObject } from '../json.ts';
import type { DeliveryKind } from '../traffic.ts';

/** The `user` of interactive payloads. */
export function userInPayload(core: Core, userId: string): JsonObject {
  const user = core.state.users[userId];
  return { id: userId, username: user?.handle, name: user?.handle, team_id: user?.teamId };
}

/** The fields that all interactive payloads share. */
export function interactionBase(core: Core, userId: string, type: string): JsonObject {
  const { state, tokens } = core;
  return {
    type,
    team: { id: state.team.id, domain: state.team.domain },
    user: userInPayload(core, userId),
    api_app_id: state.app.id,
    token: tokens.verification,
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** Sends an interaction of a person. If it is not answered, the person gets a notice and it counts as a violation. */
export async function sendInteraction(
  core: Core,
  userId: string,
  body: JsonObject,
  options: { kind?: DeliveryKind; name: string },
): Promise<DeliveryOutcome> {
  const { kind = 'interaction', name } = options;
  const outcome = await core.deliverer.interaction(kind, body, String(body.type ?? body.command));
  if (outcome.acknowledged) return outcome;
  const error = outcome.reason === 'http_error' ? 'dispatch_failed' : 'operation_timeout';
  core.state.notices[userId] = [...(core.state.notices[userId] ?? []), `${name} failed with the error "${error}"`];
  recordViolation(core, {
    kind: 'timeout',
    subject: name,
    error,
    messages: [`${outcome.reason ?? 'no answer'} (status ${outcome.attempts.at(-1)?.status ?? 'none'})`],
  });
  return outcome;
}
