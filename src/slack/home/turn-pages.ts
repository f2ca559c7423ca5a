import type { SlackContext } from '../slack-context.ts';
import { everything, homePageActionId } from './home-actions.ts';
import { type HomePlace, readCursor } from './home-place.ts';
import { getHomePlace, touchHome } from './homes.ts';

/** Stores a person's filters or pages and shows their Home tab again. */
export async function changePlace(
  { db, identity }: SlackContext,
  userId: string,
  change: (place: HomePlace) => HomePlace,
): Promise<void> {
  const key = { teamId: identity.teamId, userId };
  await touchHome(db, key, change(await getHomePlace(db, key)));
}

/** Shows another page of the person's tasks or sessions. */
export async function turnTo(context: SlackContext, userId: string, actionId: string, page: string): Promise<void> {
  const list = homePageActionId.exec(actionId)?.[1] === 'tasks' ? 'tasks' : 'sessions';
  await changePlace(context, userId, (place) => ({ ...place, [list]: /^\d{1,6}$/.test(page) ? Number(page) : 0 }));
}

/** Shows the starts from a cursor on, or from the newest. */
export async function turnStarts(context: SlackContext, userId: string, cursor: string): Promise<void> {
  const startsFrom = cursor === everything ? undefined : readCursor(cursor);
  await changePlace(context, userId, (place) => ({ ...place, startsFrom }));
}
