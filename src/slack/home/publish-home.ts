import type { HomeView } from '@slack/web-api';
import { startPatience } from '../patience.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import type { HomePlace } from './home-place.ts';
import { faultView, homeView } from './home-view.ts';
import { getHomePlace, setHomeLiveChats } from './homes.ts';
import { readHome } from './read-home.ts';

/** How long a person sees the old content, in milliseconds, before they are told that something is unavailable. */
const patienceMs = 2500;

/** Shows a person's current Home tab. If it cannot be read, shows and throws the error. */
export function publishHome(context: SlackContext, userId: string, place?: HomePlace): Promise<void> {
  return context.homes.show(userId, () => publish(context, userId, place));
}

async function publish(context: SlackContext, userId: string, place?: HomePlace): Promise<void> {
  const { client } = context;
  const reading = readView(context, userId, place);
  let view: HomeView | undefined;
  try {
    view = await startPatience(patienceMs).within(reading);
    if (!view) throw new Error('what a Home tab shows could not be read in time');
  } catch (error) {
    const fault = (await isDatabaseAway(context)) ? 'database' : 'other';
    await client.views.publish({ user_id: userId, view: faultView(await wordsFor(context, userId), fault) });
    throw error;
  }
  await client.views.publish({ user_id: userId, view });
}

async function readView(context: SlackContext, userId: string, known?: HomePlace): Promise<HomeView> {
  const { db, identity } = context;
  const key = { teamId: identity.teamId, userId };
  const place = known ?? (await getHomePlace(db, key));
  const [content, words] = await Promise.all([readHome(context, userId, place), wordsFor(context, userId)]);
  const { rights } = content;
  const shown = [...new Set([...rights.staffed, ...rights.supervised].map(({ id }) => id))];
  await setHomeLiveChats(db, key, rights.isAdministrator ? null : shown);
  return homeView({ words, workspaceUrl: identity.workspaceUrl }, content);
}

async function isDatabaseAway({ database }: SlackContext): Promise<boolean> {
  const checked = database.checkHealth().then(
    () => ({ isAway: false }),
    () => ({ isAway: true }),
  );
  return (await startPatience(500).within(checked))?.isAway ?? true;
}
