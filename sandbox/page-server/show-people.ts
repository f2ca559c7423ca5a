import type { Core } from '../core.ts';
import type { UserRecord } from '../state.ts';
import type { ShownPerson, ShownUserGroup } from './protocol.ts';

function showPerson(core: Core, user: UserRecord): ShownPerson {
  const { state } = core;
  const team = [state.team, ...state.otherTeams].find((one) => one.id === user.teamId);
  return {
    id: user.id,
    handle: user.handle,
    name: user.realName,
    displayName: user.displayName,
    title: user.title,
    email: user.email,
    phone: user.phone,
    timeZone: user.timeZone,
    teamId: user.teamId,
    teamName: team?.name ?? '',
    isAdmin: user.isAdmin || user.isOwner,
    isOwner: user.isOwner,
    isGuest: user.isRestricted || user.isUltraRestricted,
    isExternal: user.teamId !== state.team.id,
    isApp: user.isBot,
    isDeactivated: user.deleted,
  };
}

/** Everybody, and the user groups that are in use. */
export function showPeople(core: Core): { people: ShownPerson[]; userGroups: ShownUserGroup[] } {
  const groups = Object.values(core.state.userGroups).filter((group) => group.disabledAt === 0);
  return {
    people: Object.values(core.state.users).map((user) => showPerson(core, user)),
    userGroups: groups.map(({ id, handle, name, users }) => ({ id, handle, name, users })),
  };
}
