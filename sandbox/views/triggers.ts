import type { Core } from '../core.ts';
import { SlackError } from '../slack-error.ts';
import { forgetOld, newId, type TriggerRecord } from '../state.ts';

/** Creates a trigger id for a person's action: valid for one view, and for 3 seconds. */
export function newTrigger(core: Core, userId: string, where: Pick<TriggerRecord, 'viewId' | 'channel'> = {}): string {
  const { state } = core;
  forgetOld(state.triggers, core.now());
  const id = `${newId(state, '')}.${state.team.id.length}.${newId(state, '').toLowerCase()}`;
  state.triggers[id] = { id, userId, at: core.now(), used: false, ...where };
  return id;
}

/** Uses a trigger up. Slack: `invalid_trigger_id`, `exchanged_trigger_id`, `expired_trigger_id`. */
export function useTrigger(core: Core, id: string): TriggerRecord {
  const trigger = checkTrigger(core, id);
  trigger.used = true;
  return trigger;
}

/** Returns a trigger that can be used now; throws the same errors as {@link useTrigger}. */
export function checkTrigger(core: Core, id: string): TriggerRecord {
  const trigger = core.state.triggers[id];
  if (!trigger) throw new SlackError('invalid_trigger_id');
  if (trigger.used) throw new SlackError('exchanged_trigger_id');
  if (core.now() - trigger.at >= core.timings.triggerMs) throw new SlackError('expired_trigger_id');
  return trigger;
}
