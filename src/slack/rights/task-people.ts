import type { UserTask } from '../../engines/engine.ts';
import { operatorsOf } from '../../live-chats/staff.ts';
import type { Start } from '../../starts/queries.ts';
import type { UserGroup } from '../directory.ts';
import type { SlackContext } from '../slack-context.ts';
import { isClient, servedBy } from './is-client.ts';

export type Assigned = Pick<UserTask, 'key' | 'assignee' | 'candidateUsers' | 'candidateGroups'>;

/** Whom a task falls to: people named one by one, and whole user groups. */
export interface TaskHolders {
  userIds: string[];
  groups: UserGroup[];
  /** The one person whom it is assigned to. */
  assignee?: string;
  /** Whom the process names, none of whom can be reached, so that it falls to others; empty: those or nobody are named. */
  unknown: string[];
}

type Holders = Omit<TaskHolders, 'unknown'>;

/**
 * Whom a task falls to: its assignee; else those that the process names as candidates, by Slack id, e-mail address, group id
 * or group handle; else the person who started it, else the live chat's operators. Who cannot be reached does not count.
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

/** Whom tasks fall to that are nobody's: the person who started the process, else the live chat's operators. */
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

/** Whether a name is somebody's, who has not left, or a user group's. */
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

/** Without those who cannot do anything about a task, and groups of nobody else. */
async function reachable(context: SlackContext, start: Start, { userIds, groups }: Holders): Promise<Holders> {
  const peopled = await Promise.all(
    groups.map(async (group) => {
      const members = await context.directory.groupMembers(group.id);
      return (await reachablePeople(context, start, members)).length > 0;
    }),
  );
  return { userIds: await reachablePeople(context, start, userIds), groups: groups.filter((_, at) => peopled[at]) };
}

/** Each once; no bots, nobody who has left, no clients. */
async function reachablePeople(context: SlackContext, start: Start, userIds: string[]): Promise<string[]> {
  const ids = [...new Set(userIds)];
  const isReachable = await Promise.all(ids.map((id) => canHaveTask(context, start, id)));
  return ids.filter((_, at) => isReachable[at]);
}

/** Whether a person can do anything about a task: no bot, nobody who has left, no client. */
export async function canHaveTask(context: SlackContext, start: Start, userId: string): Promise<boolean> {
  const person = await context.directory.person(userId);
  if (!person || person.isBot || person.isDeleted) return false;
  // Whoever could start a process was staff then, and may see it through.
  return userId === start.startedBy || !(await isClient(context, servedBy(start), userId));
}

/** Ids of all the people a task falls to, group members included, each once. */
export async function peopleOf(context: SlackContext, holders: TaskHolders, start: Start): Promise<string[]> {
  const members = await Promise.all(holders.groups.map((group) => context.directory.groupMembers(group.id)));
  return reachablePeople(context, start, [...holders.userIds, ...members.flat()]);
}

/** Whether a task falls to this person. */
export async function isAssignedTo(
  context: SlackContext,
  task: Assigned,
  start: Start,
  userId: string,
): Promise<boolean> {
  if (!(await canHaveTask(context, start, userId))) return false;
  // Nearly always the person is named outright, which needs no search for an address.
  const email = (await context.directory.person(userId))?.email?.toLowerCase();
  const { assignee, candidates } = namesOf(task);
  const names = assignee.length > 0 ? assignee : candidates;
  if (names.some((name) => name === userId || (email !== undefined && name.toLowerCase() === email))) return true;
  const holders = await taskHolders(context, task, start);
  return (await peopleOf(context, holders, start)).includes(userId);
}

/** Whom the process names for a task that falls to others, because none of them can be reached. */
export async function unknownNames(context: SlackContext, task: Assigned, start: Start): Promise<string[]> {
  return (await taskHolders(context, task, start)).unknown;
}

function namesOf({ assignee, candidateUsers, candidateGroups }: Assigned): Record<'assignee' | 'candidates', string[]> {
  const plain = (names: string[]) => [...new Set(names.map(plainName).filter((name) => name !== ''))];
  return { assignee: plain([assignee ?? '']), candidates: plain([...candidateUsers, ...candidateGroups]) };
}

/** People write `@support` and paste `<@U0123>` or `<!subteam^S0123>`. */
export function plainName(name: string): string {
  return name
    .trim()
    .replace(/^<(?:@|!subteam\^)([A-Z0-9]+)(?:\|[^>]*)?>$/, '$1')
    .replace(/^@/, '');
}

/** The Slack id of a person named by it or by their e-mail address; undefined: Slack knows nobody by that address. */
export async function findUser(
  { directory }: Pick<SlackContext, 'directory'>,
  name: string,
): Promise<string | undefined> {
  // Slack's ids have nine characters at least; `WEB` is a word.
  if (/^[UW][A-Z0-9]{8,}$/.test(name)) return name;
  return name.includes('@') ? directory.personByEmail(name) : undefined;
}

async function findGroup({ directory }: Pick<SlackContext, 'directory'>, name: string): Promise<UserGroup | undefined> {
  if (name.includes('@')) return undefined;
  const groups = await directory.userGroups();
  return groups.find(({ id, handle }) => id === name || handle.toLowerCase() === name.toLowerCase());
}
