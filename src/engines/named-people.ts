import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { reasonOf } from '../errors.ts';
import { own } from '../own.ts';
import { type ProcessEngine, type UserTask, UserTaskAssignedError, UserTaskClosedError } from './engine.ts';
import { slackUser } from './remote/slack-user.ts';

const name = z.string().min(1);
const peopleSchema = z.strictObject({
  /** A person's name in the engine → their Slack user id or e-mail address. */
  users: z.record(name, name).default({}),
  /** A group's name in the engine → the id or handle of a Slack user group. */
  groups: z.record(name, name).default({}),
});

/** Maps people and groups of other engines to Slack. */
export type NamedPeople = z.infer<typeof peopleSchema>;

/** Reads the file. Throws an Error whose message is one readable line per mistake. */
export async function readPeople(path: string): Promise<NamedPeople> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new Error(`ENGINE_PEOPLE ${path}: ${reasonOf(cause)}`, { cause });
  }
  const parsed = peopleSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path: at, message }) => `ENGINE_PEOPLE ${path}: ${at.join('.')} ${message}`);
  throw new Error(lines.join('\n'));
}

/**
 * Wraps an engine so that its names of people and groups become Slack's. A person whom the file names by Slack user id gets the
 * engine's name again when they are assigned a task or complete one; an e-mail address cannot be translated back.
 */
export function withNamedPeople(engine: ProcessEngine, { users, groups }: NamedPeople): ProcessEngine {
  const names = new Map(Object.entries(users).map(([theirs, slack]) => [slack, theirs]));
  const toSlack = (theirs: string) => own(users, theirs) ?? theirs;
  const toTheirs = (slack: string) => names.get(slack) ?? slack;
  const named = (task: UserTask): UserTask => {
    const assignee = task.assignee === undefined ? undefined : toSlack(task.assignee);
    // If the task was completed outside Kickoff, its assignee completed it, if Slack knows them.
    const completedElsewhereBy = task.status === 'completed' && slackUser.test(assignee ?? '') ? assignee : undefined;
    return {
      ...task,
      assignee,
      candidateUsers: task.candidateUsers.map(toSlack),
      candidateGroups: task.candidateGroups.map((group) => own(groups, group) ?? group),
      completedBy: task.completedBy === undefined ? completedElsewhereBy : toSlack(task.completedBy),
    };
  };
  const throwing = (error: unknown): never => {
    if (error instanceof UserTaskClosedError) throw new UserTaskClosedError(error.task && named(error.task));
    if (error instanceof UserTaskAssignedError) throw new UserTaskAssignedError(named(error.task));
    throw error;
  };
  /** The engine's name of a task's assignee; several of its names may belong to one person in Slack. */
  const ownName = async (taskKey: string, inSlack: string): Promise<string> => {
    const assignee = (await engine.getUserTask(taskKey))?.assignee;
    return assignee !== undefined && toSlack(assignee) === inSlack ? assignee : toTheirs(inSlack);
  };
  return {
    ...engine,
    async getUserTask(key) {
      const task = await engine.getUserTask(key);
      return task && named(task);
    },
    listUserTasks: async (key) => (await engine.listUserTasks(key)).map(named),
    async assignUserTask(request) {
      const assignee = toTheirs(request.assignee);
      const takeFrom = request.takeFrom && (await ownName(request.taskKey, request.takeFrom));
      const asTheirs = { ...request, assignee, ...(takeFrom !== undefined && { takeFrom }) };
      await engine.assignUserTask(asTheirs).catch(throwing);
    },
    completeUserTask: (request) =>
      engine.completeUserTask({ ...request, completedBy: toTheirs(request.completedBy) }).catch(throwing),
  };
}
