import { type Core, nowSeconds } from '../core.ts';
import { completeUser, type SeedUser } from '../seed.ts';
import { newId, type UserGroupRecord, type UserRecord } from '../state.ts';
import { userGroupObject, userObject } from '../wire/users.ts';
import { publish } from './publish.ts';

/** Adds somebody to the workspace, or makes a member of another team (`teamId`) known to it. */
export function addUser(core: Core, user: Omit<SeedUser, 'id'> & { id?: string }): UserRecord {
  const { state } = core;
  const record = completeUser({ ...user, id: user.id ?? newId(state, 'U') }, state.team.id, nowSeconds(core));
  state.users[record.id] = record;
  if (record.teamId === state.team.id)
    void publish(core, { type: 'team_join', user: userObject(core, record, { withLocale: true }) });
  return record;
}

/** Changes somebody's profile or role, or deactivates the account (`deleted`). */
export function changeUser(core: Core, userId: string, changes: Partial<Omit<UserRecord, 'id'>>): void {
  const record = core.state.users[userId];
  if (!record) throw new Error(`There is no user ${userId}`);
  Object.assign(record, changes, { updated: nowSeconds(core) });
  if (record.isHidden) return;
  const shown = userObject(core, record, { withLocale: true });
  void publish(core, { type: 'user_change', user: shown, cache_ts: nowSeconds(core) });
}

export function createUserGroup(
  core: Core,
  creator: string,
  group: { handle: string; name: string; description?: string; users: string[] },
): UserGroupRecord {
  const now = nowSeconds(core);
  const id = newId(core.state, 'S');
  const stamps = { created: now, updated: now, createdBy: creator, disabledAt: 0 };
  const record: UserGroupRecord = { description: '', ...group, ...stamps, id };
  core.state.userGroups[id] = record;
  void publish(core, { type: 'subteam_created', subteam: userGroupObject(core, record, true) });
  return record;
}

/** Replaces the members of a user group: `subteam_members_changed`, then `subteam_updated`. */
export function setUserGroupMembers(core: Core, group: UserGroupRecord, users: string[]): void {
  const added = users.filter((user) => !group.users.includes(user));
  const removed = group.users.filter((user) => !users.includes(user));
  const previous = group.updated;
  group.users = users;
  group.updated = nowSeconds(core);
  void publish(core, {
    type: 'subteam_members_changed',
    subteam_id: group.id,
    team_id: core.state.team.id,
    date_previous_update: previous,
    date_update: group.updated,
    added_users: added,
    added_users_count: String(added.length),
    removed_users: removed,
    removed_users_count: String(removed.length),
  });
  void publish(core, { type: 'subteam_updated', subteam: userGroupObject(core, group, true) });
}

/** Renames, disables (`disabled: true`) or enables a user group. */
export function changeUserGroup(
  core: Core,
  group: UserGroupRecord,
  changes: { handle?: string; name?: string; disabled?: boolean },
): void {
  group.updated = nowSeconds(core);
  group.handle = changes.handle ?? group.handle;
  group.name = changes.name ?? group.name;
  if (changes.disabled !== undefined) group.disabledAt = changes.disabled ? nowSeconds(core) : 0;
  void publish(core, { type: 'subteam_updated', subteam: userGroupObject(core, group, true) });
}
