import { z } from 'zod';
import { platformError } from '../platform-error.ts';
import type { SlackContext } from '../slack-context.ts';
import { slackId } from '../slack-ids.ts';
import { forgetHome, touchHome } from './homes.ts';
import { publishHome } from './publish-home.ts';

/** Somebody opened the app's Home tab or its messages (Slack: app_home_opened). */
export const homeOpenedSchema = z.object({ user: slackId, tab: z.string().optional() });

/** Shows the Home tab that somebody opened. */
export async function openHome(context: SlackContext, { user, tab }: z.infer<typeof homeOpenedSchema>): Promise<void> {
  if (tab !== 'home') return;
  try {
    await showHome(context, user);
  } catch (err) {
    if (!isUnknown(err)) throw err;
    await forgetHome(context.db, { teamId: context.identity.teamId, userId: user });
    context.logger.warn({ userId: user }, 'a Home tab was opened by an unknown user');
  }
}

/** Slack does not know the person; retrying would not help. */
const isUnknown = (error: unknown) => ['user_not_found', 'user_not_visible'].includes(platformError(error) ?? '');

/**
 * Shows somebody's Home tab and records its use. An error is shown in the tab and rethrown: Slack delivers the event again, and
 * the Home worker shows the tab as soon as possible.
 */
export async function showHome(context: SlackContext, userId: string): Promise<void> {
  const { db, identity, homes } = context;
  const key = { teamId: identity.teamId, userId };
  try {
    // Not awaited: while the database is away, the person is told so at once.
    const touched = touchHome(db, key);
    const published = publishHome(context, userId);
    await Promise.all([touched, published]);
  } catch (error) {
    if (!isUnknown(error)) homes.openLater(userId);
    throw error;
  }
}
