import { UserFacingError } from '../../errors.ts';
import { message } from '../../words/message.ts';
import { type Patience, startPatience } from '../patience.ts';
import type { SlackContext } from '../slack-context.ts';

export const onlyAdministrators = message('liveChats.onlyAdministrators');

type Dependencies = Pick<SlackContext, 'directory' | 'identity' | 'admins'>;

/**
 * Whether this person may set up live chats: an owner or admin of our workspace, or anyone in KICKOFF_ADMINS, which names
 * people and user groups. A person of another organisation never may. Throws UnavailableError.
 */
export async function isAdministrator({ directory, identity, admins }: Dependencies, userId: string): Promise<boolean> {
  const person = await directory.person(userId);
  if (!person || person.teamId !== identity.teamId || person.isBot || person.isDeleted) return false;
  if (person.isAdmin || admins.includes(userId)) return true;
  for (const groupId of admins.filter(isUserGroup)) {
    if ((await directory.groupMembers(groupId)).includes(userId)) return true;
  }
  return false;
}

/** To be called by every listener: a view can be forged, or its owner's rights be gone since it was opened. */
export async function assertAdministrator(
  dependencies: Dependencies,
  userId: string,
  { inTime }: Patience = startPatience(),
): Promise<void> {
  if (!(await inTime(isAdministrator(dependencies, userId)))) throw new UserFacingError(onlyAdministrators);
}

/** Slack's ids of user groups begin with S, those of people with U or W. */
const isUserGroup = (id: string) => id.startsWith('S');
