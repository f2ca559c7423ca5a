import { z } from 'zod';
import type { SlackContext } from '../slack-context.ts';
import { slackId } from '../slack-ids.ts';
import { touchHome } from './homes.ts';
import { publishHome } from './publish-home.ts';

/** Somebody looks at the app: at its Home tab, or at its messages (Slack: app_home_opened). */
export const homeOpenedSchema = z.object({ user: slackId, tab: z.string().optional() });

export async function openHome(context: SlackContext, { user, tab }: z.infer<typeof homeOpenedSchema>): Promise<void> {
  if (tab !== 'home') return;
  await showHome(context, user);
}

/**
 * Shows somebody their Home tab and remembers that they look at it. What fails is told there, and thrown on: Slack delivers
 * the opening again, and the Home worker shows the tab as soon as it can.
 */
export async function showHome(context: SlackContext, userId: string): Promise<void> {
  const { db, identity, homes } = context;
  const key = { teamId: identity.teamId, userId };
  try {
    // Remembered without being waited for: while the database is away, the person is told so at once.
    const touched = touchHome(db, key);
    const published = publishHome(context, userId);
    await Promise.all([touched, published]);
  } catch (error) {
    homes.openLater(userId);
    throw error;
  }
}
