import type { LiveChatSettings } from '../../live-chats/live-chat.ts';
import { operatorsOf } from '../../live-chats/staff.ts';
import type { CheckDependencies } from './check-settings.ts';
import { settingsLimits } from './settings-draft.ts';

/** What is wrong with a live chat's operators, for the person who chose them. */
export async function checkOperators(
  dependencies: CheckDependencies,
  settings: LiveChatSettings,
): Promise<string | undefined> {
  if (settings.operators.length === 0 && settings.operatorGroups.length === 0) {
    return 'Choose who operates the live chat: people here, or a user group below.';
  }
  const operators = await operatorsOf(settings, dependencies.directory.groupMembers);
  if (operators.length === 0) return 'Nobody is in these operator groups. Choose people here, or another group.';
  return checkPeople(dependencies, settings.operators);
}

export async function checkPeople(
  { directory, teamId }: CheckDependencies,
  users: string[],
): Promise<string | undefined> {
  if (users.length > settingsLimits.people) return `Choose ${settingsLimits.people} people at most, or a user group.`;
  const people = await Promise.all(users.map(async (id) => ({ id, person: await directory.person(id) })));
  for (const { id, person } of people) {
    if (!person) return `Slack does not know the person ${id}. Remove them.`;
    if (person.isBot) return `${person.name} is an app. Choose people.`;
    if (person.isDeleted) return `${person.name}’s account is deactivated. Remove them.`;
    if (person.teamId !== teamId) return `${person.name} belongs to another organisation. Choose people of your own.`;
  }
  return undefined;
}

/** A group that was chosen before may be gone by now; it has no members then. */
export async function checkGroups(
  { directory, before }: CheckDependencies,
  groups: string[],
): Promise<string | undefined> {
  const kept = [...(before?.operatorGroups ?? []), ...(before?.supervisorGroups ?? [])];
  const added = groups.filter((id) => !kept.includes(id));
  if (added.length === 0) return undefined;
  const known = await directory.userGroups();
  return added.every((id) => known.some((group) => group.id === id))
    ? undefined
    : 'One of these user groups is gone. Choose again.';
}
