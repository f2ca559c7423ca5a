import type { UserTask } from '../../engines/engine.ts';
import { UserFacingError } from '../../errors.ts';
import { roleOf } from '../../live-chats/staff.ts';
import type { Start } from '../../starts/queries.ts';
import { message } from '../../words/message.ts';
import { mention, say } from '../block-kit/markup.ts';
import { isAdministrator } from '../live-chat-config/administrator.ts';
import { openModal } from '../open-modal.ts';
import { startPatience } from '../patience.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { assign } from './claim-task.ts';
import { resultModal } from './next-step.ts';
import { colleagueActionId, colleagueBlockId, reassignModal } from './reassign-view.ts';
import type { Submission } from './show-view.ts';
import { findTask, readTaskKey } from './task-access.ts';
import { canHaveTask } from './task-people.ts';
import { reachOf } from './task-reach.ts';
import { closedTask } from './views.ts';

/** Asks whom a task shall go to. */
export async function openReassign(
  context: SlackContext,
  { triggerId, userId, taskKey }: { triggerId: string; userId: string; taskKey: string },
): Promise<void> {
  const words = await wordsFor(context, userId);
  await openModal(context, { words, triggerId, title: words('tasks.reassignTitle') }, async () => {
    const { task, holder } = await requireReassign(context, taskKey, userId);
    return reassignModal(words, task, holder);
  });
}

/** Gives the task to whom was chosen. */
export async function submitReassign(context: SlackContext, { ack, body, view }: Submission): Promise<void> {
  const userId = body.user.id;
  const patience = startPatience();
  const words = await wordsFor(context, userId);
  const taskKey = readTaskKey(view.private_metadata);
  const { task, start } = await patience.inTime(requireReassign(context, taskKey, userId));
  const assignee = view.state.values[colleagueBlockId]?.[colleagueActionId]?.selected_user;
  if (!assignee || !(await patience.inTime(canHaveTask(context, start, assignee)))) {
    return ack({ response_action: 'errors', errors: { [colleagueBlockId]: words('tasks.cannotHave') } });
  }
  await patience.inTime(assign(context, { taskKey, assignee, allowOverride: true }));
  const done = say(words, 'tasks.reassigned', { person: mention(assignee), task: task.name });
  await ack({ response_action: 'update', view: resultModal(words, words('tasks.reassignTitle'), [done]) });
}

/**
 * The task, for who may give it to somebody: who has it, operators and supervisors of its live chat, administrators. Throws
 * {@link UserFacingError} for anybody else, and if it is over.
 */
async function requireReassign(
  context: SlackContext,
  taskKey: string,
  userId: string,
): Promise<{ task: UserTask; start: Start; holder: string | undefined }> {
  const { task, start } = await findTask(context, taskKey);
  const { holder } = await reachOf(context, task, start);
  const isAllowed =
    holder === userId || (await isStaff(context, start, userId)) || (await isAdministrator(context, userId));
  if (!isAllowed) throw new UserFacingError(message('tasks.mayNotReassign'));
  if (task.status !== 'open') throw new UserFacingError(closedTask(task));
  return { task, start, holder };
}

async function isStaff({ directory, liveChats }: SlackContext, start: Start, userId: string): Promise<boolean> {
  const liveChat = start.liveChatId ? liveChats.get(start.teamId, start.liveChatId) : undefined;
  return liveChat !== undefined && (await roleOf(liveChat, userId, directory.groupMembers)) !== undefined;
}
