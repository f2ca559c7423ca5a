import type { ModalView } from '@slack/web-api';
import type { EngineLink, ProcessInstance, UserTask } from '../../engines/engine.ts';
import type { Start } from '../../starts/queries.ts';
import type { Words } from '../../words/words.ts';
import { engineLink } from '../activity/activity-line.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { joined, type Markup, nothing, say } from '../block-kit/markup.ts';
import { plainText, section } from '../block-kit/text-objects.ts';
import { holdTask } from '../notices/task-messages.ts';
import { messageModal } from '../open-modal.ts';
import { isAssignedTo, taskHolders, unknownNames } from '../rights/task-people.ts';
import type { SlackContext } from '../slack-context.ts';
import { releaseModal } from './notify-tasks.ts';
import { mentionHolders, taskFormModal } from './views.ts';

export interface NextStep {
  words: Words;
  start: Start;
  processInstanceKey: string;
  userId: string;
  /** Id of the modal that the person sees. */
  viewId: string;
  /** The completed action: `*Create lead* was started.` */
  done: Markup;
}

/**
 * The modal after a start or a completed task: the form of the person's next task, or its holder, or the end of the process.
 * While the modal holds the task, the person gets no message about it (see notify-tasks.ts). Whatever fails, it says that the
 * action was completed.
 */
export async function nextStepModal(context: SlackContext, step: NextStep): Promise<ModalView> {
  const { words, start, userId, viewId, done } = step;
  try {
    const { task, text } = await lookAhead(context, step);
    if (task) {
      await holdTask(context.db, { taskKey: task.key, userId }, viewId);
      return taskFormModal(words, task, { unknown: await unknownNames(context, task, start) });
    }
    await releaseModal(context, viewId);
    return resultModal(words, start.processName, [done, text]);
  } catch (err) {
    context.logger.warn({ err, startId: start.id }, 'the next step of a process could not be shown');
    // If the release fails too, the tasks are released once they are overdue.
    await releaseModal(context, viewId).catch((err) => {
      context.logger.warn({ err, startId: start.id }, 'the tasks that a modal held could not be released');
    });
    return resultModal(words, start.processName, [done, say(words, 'nextStep.unknown')]);
  }
}

/** Shows the completed action and the next step. */
export function resultModal(words: Words, processName: string, lines: Markup[]): ModalView {
  return {
    ...messageModal(words, '', nothing),
    title: plainText(processName, slackLimits.viewTitle),
    blocks: lines.filter((line) => line !== nothing).map(section),
  };
}

async function lookAhead(
  context: SlackContext,
  { words, start, processInstanceKey, userId }: NextStep,
): Promise<{ task: UserTask | undefined; text: Markup }> {
  const { engine, timings } = context;
  const { nextStepMs, firstPauseMs, longestPauseMs } = timings.tasks;
  const deadline = performance.now() + nextStepMs;
  for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
    const instance = await engine.getProcessInstance(processInstanceKey);
    const tasks = await engine.listUserTasks(processInstanceKey);
    const open = tasks.filter((task) => task.status === 'open');
    for (const task of open) {
      if (await isAssignedTo(context, task, start, userId)) return { task, text: nothing };
    }
    const [next] = open;
    if (next) return { task: undefined, text: await whoHas(context, words, next, start, tasks.length === open.length) };
    const ended = endText(words, instance);
    if (ended !== undefined) return { task: undefined, text: ended };
    if (engine.limitsOf(processInstanceKey).has('user-tasks')) {
      return { task: undefined, text: goesOnElsewhere(words, engine.instanceLink(processInstanceKey)) };
    }
    if (performance.now() >= deadline) return { task: undefined, text: say(words, 'nextStep.byItself') };
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

function goesOnElsewhere(words: Words, elsewhere: EngineLink | undefined): Markup {
  if (!elsewhere) return say(words, 'nextStep.byItself');
  const text = say(words, 'nextStep.elsewhere', { engine: elsewhere.engine });
  return joined([text, engineLink(words, elsewhere)], ' ');
}

async function whoHas(
  context: SlackContext,
  words: Words,
  task: UserTask,
  start: Start,
  isFirst: boolean,
): Promise<Markup> {
  const holders = mentionHolders(words, await taskHolders(context, task, start));
  return say(words, isFirst ? 'nextStep.first' : 'nextStep.next', { task: task.name, holders });
}

/** The end of an instance, or the reason why it does not continue. */
function endText(words: Words, instance: ProcessInstance | undefined): Markup | undefined {
  const reason = instance?.reason ?? '';
  switch (instance?.status) {
    case 'completed':
      return say(words, 'instance.completed');
    case 'terminated':
      return reason ? say(words, 'instance.ended', { reason }) : say(words, 'instance.cancelled');
    case 'incident':
      return say(words, 'instance.stuck', { reason });
    case undefined:
      return say(words, 'instance.gone');
    case 'active':
      return undefined;
  }
}
