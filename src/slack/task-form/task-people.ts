import type { WebClient } from '@slack/web-api';
import type { UserTask } from '../../engines/engine.ts';
import { UnavailableError } from '../../errors.ts';
import { operatorsOf } from '../../live-chats/staff.ts';
import type { Start } from '../../starts/queries.ts';
import { platformError, type UserGroup } from '../directory.ts';
import type { SlackContext } from '../slack-context.ts';

type Assigned = Pick<UserTask, 'key' | 'assignee' | 'candidateUsers' | 'candidateGroups'>;

/** Whom a task falls to: people named one by one, and whole user groups. */
export interface TaskHolders {
  userIds: string[];
  groups: UserGroup[];
}

/**
 * Whom a task falls to: those that the process names by Slack id, e-mail address, group id or group handle; if it names
 * nobody, or nobody that Slack knows, the person who started it, else the live chat's operators.
 */
export async function taskHolders(
  context: SlackContext,
  task: Assigned,
  start: Start,
  client: WebClient = context.client,
): Promise<TaskHolders> {
  const names = namesOf(task);
  const named: TaskHolders = { userIds: [], groups: [] };
  for (const name of names) {
    const userId = await findUser(client, name);
    if (userId !== undefined && !isClient(start, userId)) named.userIds.push(userId);
    const group = await findGroup(context, name);
    if (group) named.groups.push(group);
  }
  const isAnybody = named.userIds.length > 0 || named.groups.length > 0;
  if (isAnybody) return { ...named, userIds: [...new Set(named.userIds)] };
  if (names.length > 0) context.logger.warn({ taskKey: task.key }, 'a task names nobody that Slack knows');
  if (start.startedBy) return { userIds: [start.startedBy], groups: [] };
  const liveChat = start.liveChatId ? context.liveChats.get(start.teamId, start.liveChatId) : undefined;
  if (!liveChat) return { userIds: [], groups: [] };
  return { userIds: await operatorsOf(liveChat, context.directory.groupMembers), groups: [] };
}

/** Ids of all the people a task falls to, group members included, each once; no bots, nobody who has left. */
export async function peopleOf({ directory }: SlackContext, holders: TaskHolders, start: Start): Promise<string[]> {
  const members = await Promise.all(holders.groups.map((group) => directory.groupMembers(group.id)));
  const ids = [...new Set([...holders.userIds, ...members.flat()])].filter((id) => !isClient(start, id));
  const people = await Promise.all(ids.map((id) => directory.person(id)));
  return people.flatMap((person) => (person && !person.isBot && !person.isDeleted ? [person.id] : []));
}

/** Whether a task falls to this person. */
export async function isTheirs(context: SlackContext, task: Assigned, start: Start, userId: string): Promise<boolean> {
  if (isClient(start, userId)) return false;
  // Nearly always the person is named outright, which needs no search for an address.
  const email = (await context.directory.person(userId))?.email?.toLowerCase();
  const names = namesOf(task);
  if (names.some((name) => name === userId || (email !== undefined && name.toLowerCase() === email))) return true;
  const holders = await taskHolders(context, task, start);
  return (await peopleOf(context, holders, start)).includes(userId);
}

function namesOf({ assignee, candidateUsers, candidateGroups }: Assigned): string[] {
  const names = [assignee ?? '', ...candidateUsers, ...candidateGroups].map(plainName);
  return [...new Set(names.filter((name) => name !== ''))];
}

/** People write `@support` and paste `<@U0123>` or `<!subteam^S0123>`. */
export function plainName(name: string): string {
  return name
    .trim()
    .replace(/^<(?:@|!subteam\^)([A-Z0-9]+)(?:\|[^>]*)?>$/, '$1')
    .replace(/^@/, '');
}

/** What a process does is not for the client to see, whoever it names. */
function isClient(start: Start, userId: string): boolean {
  return userId === start.facts.clientUserId && userId !== start.startedBy && start.facts.operatorUserId !== userId;
}

/** The Slack id of a person named by it or by their e-mail address; undefined: Slack knows nobody by that address. */
export async function findUser(client: WebClient, name: string): Promise<string | undefined> {
  if (/^[UW][A-Z0-9]{2,}$/.test(name)) return name;
  if (!name.includes('@')) return undefined;
  try {
    const { user } = await client.users.lookupByEmail({ email: name });
    return user?.id;
  } catch (cause) {
    if (platformError(cause) === 'users_not_found') return undefined;
    throw new UnavailableError('Slack did not say whose address this is', { cause });
  }
}

async function findGroup({ directory }: SlackContext, name: string): Promise<UserGroup | undefined> {
  if (name.includes('@')) return undefined;
  const groups = await directory.userGroups();
  return groups.find(({ id, handle }) => id === name || handle.toLowerCase() === name.toLowerCase());
}
