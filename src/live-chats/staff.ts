import type { LiveChat } from './live-chat.ts';

/** Returns the Slack ids of the members of a user group. */
export type GroupMembers = (userGroupId: string) => Promise<string[]>;

export type Role = 'operator' | 'supervisor';

type Staffed = Pick<LiveChat, 'operators' | 'supervisors' | 'operatorGroups' | 'supervisorGroups'>;

/** The person's role in a live chat; `supervisor` wins over `operator`. */
export async function roleOf(liveChat: Staffed, userId: string, groupMembers: GroupMembers): Promise<Role | undefined> {
  if (liveChat.supervisors.includes(userId)) return 'supervisor';
  if (await isInAny(liveChat.supervisorGroups, userId, groupMembers)) return 'supervisor';
  if (liveChat.operators.includes(userId)) return 'operator';
  if (await isInAny(liveChat.operatorGroups, userId, groupMembers)) return 'operator';
  return undefined;
}

/**
 * Slack ids of everybody who does an operator's work, each once, with the members of user groups; the supervisors if the live
 * chat has no operators.
 */
export async function operatorsOf(liveChat: Staffed, groupMembers: GroupMembers): Promise<string[]> {
  const { operators, operatorGroups, supervisors, supervisorGroups } = liveChat;
  const [people, groups] = hasOperators(liveChat) ? [operators, operatorGroups] : [supervisors, supervisorGroups];
  const members = await Promise.all(groups.map(groupMembers));
  return [...new Set([...people, ...members.flat()])];
}

export const hasOperators = ({ operators, operatorGroups }: Pick<Staffed, 'operators' | 'operatorGroups'>): boolean =>
  operators.length > 0 || operatorGroups.length > 0;

async function isInAny(groups: string[], userId: string, groupMembers: GroupMembers): Promise<boolean> {
  for (const group of groups) {
    if ((await groupMembers(group)).includes(userId)) return true;
  }
  return false;
}
