import type { App } from '@slack/bolt';
import { registerListeners } from '../../../src/slack/register-listeners.ts';
import type { SlackContext } from '../../../src/slack/slack-context.ts';

type Constraints = string | RegExp | { callback_id?: string; action_id?: string; type?: string };

/** The app's registrations in order, each as `kind id`: `action open_task`, `view_closed task_form`. */
export function registrationsOf(context: SlackContext): string[] {
  const found: string[] = [];
  const note = (kind: string) => (constraints: Constraints) => {
    if (typeof constraints === 'string' || constraints instanceof RegExp) return found.push(`${kind} ${constraints}`);
    const { callback_id, action_id, type } = constraints;
    return found.push(`${type === 'view_closed' ? type : kind} ${callback_id ?? action_id}`);
  };
  const kinds = ['action', 'view', 'options', 'shortcut', 'command'];
  const recorder = Object.fromEntries(kinds.map((kind) => [kind, note(kind)]));
  registerListeners(recorder as unknown as App, context);
  return found;
}
