import type { IntakeDependencies } from '../intake/record-event.ts';
import type { SlackContext } from './slack-context.ts';

/** Selects what recording an event needs from the Slack context. */
export function intakeDependencies({
  database,
  directory,
  identity,
}: Pick<SlackContext, 'database' | 'directory' | 'identity'>): IntakeDependencies {
  return { db: database.db, signal: database.signal, people: directory, workspaceUrl: identity.workspaceUrl };
}
