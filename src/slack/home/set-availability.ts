import { UserFacingError } from '../../errors.ts';
import { setAway } from '../../live-chats/absences.ts';
import { message } from '../../words/message.ts';
import { homeRights } from '../rights/home-rights.ts';
import type { SlackContext } from '../slack-context.ts';
import { everything } from './home-actions.ts';

/** Marks a person as away, or back, in one of their live chats or in all. Throws {@link UserFacingError}. */
export async function setAvailability(
  context: SlackContext,
  userId: string,
  { liveChatId, isAway }: { liveChatId: string; isAway: boolean },
): Promise<void> {
  const { staffed } = await homeRights(context, userId);
  const meant = staffed.filter(({ id }) => liveChatId === everything || id === liveChatId);
  if (meant.length === 0) throw new UserFacingError(message('home.notStaff'));
  await setAway(
    context.db,
    userId,
    meant.map(({ id }) => id),
    isAway,
  );
}
