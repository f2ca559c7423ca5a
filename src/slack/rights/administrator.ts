import { UserFacingError } from '../../errors.ts';
import { message } from '../../words/message.ts';
import { type Patience, startPatience } from '../patience.ts';
import type { SlackContext } from '../slack-context.ts';

export const onlyAdministrators = message('liveChats.onlyAdministrators');

type Dependencies = Pick<SlackContext, 'directory' | 'identity' | 'admins'>;

/**
 * Whether this person may set up live chats: an owner or admin of the workspace, or anyone in KICKOFF_ADMINS, which lists
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

/**
 * The people to notify about administration: those in KICKOFF_ADMINS, else the workspace's owners and admins, who are read from
 * Slack page by page. Throws UnavailableError.
 */
export async function listAdministrators(
  dependencies: Dependencies & Pick<SlackContext, 'bulkClient'>,
): Promise<string[]> {
  const { directory, identity, admins, bulkClient } = dependencies;
  const named = await Promise.all(admins.map((id) => (isUserGroup(id) ? directory.groupMembers(id) : [id])));
  const candidates = admins.length > 0 ? named.flat() : [];
  let cursor: string | undefined;
  while (admins.length === 0 && cursor !== '') {
    const page = await bulkClient.users.list({ limit: 200, ...(cursor ? { cursor } : {}) });
    for (const { id, team_id, is_admin, is_owner, deleted } of page.members ?? []) {
      if (id && team_id === identity.teamId && (is_admin || is_owner) && !deleted) candidates.push(id);
    }
    cursor = page.response_metadata?.next_cursor ?? '';
  }
  const unique = [...new Set(candidates)];
  const are = await Promise.all(unique.map((id) => isAdministrator(dependencies, id)));
  return unique.filter((_, index) => are[index]);
}

/** To be called by every listener: a view can be forged, or the person's rights removed since it was opened. */
export async function assertAdministrator(
  dependencies: Dependencies,
  userId: string,
  { inTime }: Patience = startPatience(),
): Promise<void> {
  if (!(await inTime(isAdministrator(dependencies, userId)))) throw new UserFacingError(onlyAdministrators);
}

/** Slack: ids of user groups begin with S, those of people with U or W. */
const isUserGroup = (id: string) => id.startsWith('S');
