import type { UserTask } from '../../engines/engine.ts';
import { operatorsOf } from '../../live-chats/staff.ts';
import type { Start } from '../../starts/queries.ts';
import type { UserGroup } from '../directory.ts';
import type { SlackContext } from '../slack-context.ts';
import { isClient, servedBy } from './is-client.ts';

export type Assigned = Pick<UserTask, 'key' | 'assignee' | 'candidateUsers' | 'candidateGroups'>;

/** The people and user groups that a task is offered or assigned to; the people can be reached, and so can some of a group. */
export interface TaskHolders {
  userIds: string[];
  groups: UserGroup[];
  /** The person whom the task is assigned to. */
  assignee?: string;
  /** Names from the process, if none of them can be reached and the task falls to others; empty otherwise. */
  unknown: string[];
}

type Holders = Omit<TaskHolders, 'unknown'>;

/**
 * The people and groups that a task falls to: its assignee; else the candidates that the process names (Slack ids, e-mail
 * addresses, group ids or group handles); else the person who started the process; else the live chat's operators. People who
 * cannot be reached do not count.
 */
export async function taskHolders(context: SlackContext, task: Assigned, start: Start): Promise<TaskHolders> {
  const { assignee, candidates } = namesOf(task);
  const assigned = await findReachable(context, start, assignee);
  const [only] = assigned.userIds;
  if (only !== undefined && assigned.groups.length === 0) return { ...assigned, assignee: only, unknown: [] };
  if (!isNobody(assigned)) return { ...assigned, unknown: [] };
  const named = await findReachable(context, start, candidates);
  if (!isNobody(named)) return { ...named, unknown: [] };
  return { ...(await othersFor(context, start)), unknown: [...assignee, ...candidates] };
}

/** A task that names nobody goes to the person who started the process, else to the live chat's operators. */
async function othersFor(context: SlackContext, start: Start): Promise<Holders> {
  const starter = await reachablePeople(context, start, start.startedBy ? [start.startedBy] : []);
  if (starter.length > 0) return { userIds: starter, groups: [] };
  const liveChat = start.liveChatId ? context.liveChats.get(start.teamId, start.liveChatId) : undefined;
  if (!liveChat) return { userIds: [], groups: [] };
  const operators = await operatorsOf(liveChat, context.directory.groupMembers);
  return { userIds: await reachablePeople(context, start, operators), groups: [] };
}

const isNobody = ({ userIds, groups }: Holders) => userIds.length === 0 && groups.length === 0;

async function findReachable(context: SlackContext, start: Start, names: string[]): Promise<Holders> {
  const found = await Promise.all(names.map((name) => findNamed(context, name)));
  return reachable(context, start, {
    userIds: found.flatMap(({ userId }) => userId ?? []),
    groups: found.flatMap(({ group }) => group ?? []),
  });
}

/** Whether a name is that of an active person or of a user group. */
export async function isInSlack(context: Pick<SlackContext, 'directory'>, name: string): Promise<boolean> {
  const { userId, group } = await findNamed(context, name);
  if (group) return true;
  const person = userId === undefined ? undefined : await context.directory.person(userId);
  return person !== undefined && !person.isDeleted;
}

async function findNamed(context: Pick<SlackContext, 'directory'>, name: string) {
  const [userId, group] = await Promise.all([findUser(context, name), findGroup(context, name)]);
  return { userId, group };
}

/** Removes people who cannot act on a task, and groups that consist of such people. */
async function reachable(context: SlackContext, start: Start, { userIds, groups }: Holders): Promise<Holders> {
  const peopled = await Promise.all(
    groups.map(async (group) => {
      const members = await context.directory.groupMembers(group.id);
      return (await reachablePeople(context, start, members)).length > 0;
    }),
  );
  return { userIds: await reachablePeople(context, start, userIds), groups: groups.filter((_, at) => peopled[at]) };
}

/** Removes duplicates, bots, people who have left, and clients. */
async function reachablePeople(context: SlackContext, start: Start, userIds: string[]): Promise<string[]> {
  const ids = [...new Set(userIds)];
  const isReachable = await Promise.all(ids.map((id) => canHaveTask(context, start, id)));
  return ids.filter((_, at) => isReachable[at]);
}

/** Whether a person can act on a task: no bot, nobody who has left, no client. */
export async function canHaveTask(context: SlackContext, start: Start, userId: string): Promise<boolean> {
  const person = await context.directory.person(userId);
  if (!person || person.isBot || person.isDeleted) return false;
  // The person was staff when they started the process, and may complete it.
  return userId === start.startedBy || !(await isClient(context, servedBy(start), userId));
}

/** Ids of all the people that a task falls to, with group members, without duplicates. */
export async function peopleOf(context: SlackContext, holders: TaskHolders, start: Start): Promise<string[]> {
  const members = await Promise.all(holders.groups.map((group) => context.directory.groupMembers(group.id)));
  const reached = await reachablePeople(context, start, members.flat());
  return [...new Set([...holders.userIds, ...reached])];
}

/** Whether a task falls to this person. */
export async function isAssignedTo(
  context: SlackContext,
  task: Assigned,
  start: Start,
  userId: string,
): Promise<boolean> {
  if (!(await canHaveTask(context, start, userId))) return false;
  // Usually the person is named directly, which needs no lookup of an address.
  const email = (await context.directory.person(userId))?.email?.toLowerCase();
  const { assignee, candidates } = namesOf(task);
  const names = assignee.length > 0 ? assignee : candidates;
  if (names.some((name) => name === userId || (email !== undefined && name.toLowerCase() === email))) return true;
  const holders = await taskHolders(context, task, start);
  return (await peopleOf(context, holders, start)).includes(userId);
}

/** The names in the process, if none of them can be reached and the task falls to others. */
export async function unknownNames(context: SlackContext, task: Assigned, start: Start): Promise<string[]> {
  return (await taskHolders(context, task, start)).unknown;
}

function namesOf({ assignee, candidateUsers, candidateGroups }: Assigned): Record<'assignee' | 'candidates', string[]> {
  const plain = (names: string[]) => [...new Set(names.map(plainName).filter((name) => name !== ''))];
  return { assignee: plain([assignee ?? '']), candidates: plain([...candidateUsers, ...candidateGroups]) };
}

/** Normalises what people write: `@support`, or pasted `<@U0123>` and `<!subteam^S0123>`. */
export function plainName(name: string): string {
  return name
    .trim()
    .replace(/^<(?:@|!subteam\^)([A-Z0-9]+)(?:\|[^>]*)?>$/, '$1')
    .replace(/^@/, '');
}

/** The Slack id for an id or an e-mail address; undefined if Slack knows nobody with that address. */
export async function findUser(
  { directory }: Pick<SlackContext, 'directory'>,
  name: string,
): Promise<string | undefined> {
  // Slack's ids have at least nine characters, so that `WEB` is not one.
  if (/^[UW][A-Z0-9]{8,}$/.test(name)) return name;
  return name.includes('@') ? directory.personByEmail(name) : undefined;
}

async function findGroup({ directory }: Pick<SlackContext, 'directory'>, name: string): Promise<UserGroup | undefined> {
  if (name.includes('@')) return undefined;
  const groups = await directory.userGroups();
  return groups.find(({ id, handle }) => id === name || handle.toLowerCase() === name.toLowerCase());
}
