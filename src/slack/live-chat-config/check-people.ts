import type { LiveChatSettings } from '../../live-chats/live-chat.ts';
import { hasOperators, operatorsOf } from '../../live-chats/staff.ts';
import { type Message, message } from '../../words/message.ts';
import type { CheckDependencies } from './check-dependencies.ts';
import { settingsLimits } from './settings-draft.ts';

/** Error messages about a live chat's operators and supervisors. */
export async function checkOperators(
  dependencies: CheckDependencies,
  settings: LiveChatSettings,
): Promise<Message | undefined> {
  const { supervisors, supervisorGroups } = settings;
  if (!hasOperators(settings) && supervisors.length === 0 && supervisorGroups.length === 0) {
    return message('settings.noOperators');
  }
  const operators = await operatorsOf(settings, dependencies.directory.groupMembers);
  if (operators.length === 0) return message('settings.groupsEmpty');
  return checkPeople(dependencies, settings.operators);
}

/** Returns why one of these people cannot be staff, if one cannot. Throws UnavailableError. */
export async function checkPeople(
  { directory, teamId }: CheckDependencies,
  users: string[],
): Promise<Message | undefined> {
  if (users.length > settingsLimits.people) return message('settings.tooManyPeople', { limit: settingsLimits.people });
  const people = await Promise.all(users.map(async (id) => ({ id, person: await directory.person(id) })));
  for (const { id, person } of people) {
    if (!person) return message('settings.personUnknown', { id });
    if (person.isBot) return message('settings.personIsApp', { name: person.name });
    if (person.isDeleted) return message('settings.personGone', { name: person.name });
    if (person.teamId !== teamId) return message('settings.personFromOutside', { name: person.name });
  }
  return undefined;
}

/** Checks user groups. A group that was chosen earlier may be gone by now; it then counts as empty. */
export async function checkGroups(
  { directory, before }: CheckDependencies,
  groups: string[],
): Promise<Message | undefined> {
  const kept = [...(before?.operatorGroups ?? []), ...(before?.supervisorGroups ?? [])];
  const added = groups.filter((id) => !kept.includes(id));
  if (added.length === 0) return undefined;
  const known = await directory.userGroups();
  return added.every((id) => known.some((group) => group.id === id)) ? undefined : message('settings.groupGone');
}
