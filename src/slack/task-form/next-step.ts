import type { ModalView } from '@slack/web-api';
import { EngineUnavailableError, type ProcessInstance, type UserTask } from '../../engines/engine.ts';
import type { Start } from '../../starts/queries.ts';
import { holdTask } from '../../starts/task-messages.ts';
import type { Words } from '../../words/words.ts';
import { escapeMrkdwn, plainText, slackLimits } from '../block-kit/limits.ts';
import { messageModal } from '../open-modal.ts';
import type { SlackContext } from '../slack-context.ts';
import { releaseModal } from './notify-tasks.ts';
import { isTheirs, taskHolders } from './task-people.ts';
import { mentionHolders, section, taskFormModal } from './views.ts';

/** How long the modal waits for the process to reach its next task, in milliseconds. */
const patienceMs = 8000;
/** From this on it is looked for less and less often. */
const firstPauseMs = 50;
const longestPauseMs = 500;

export interface NextStep {
  words: Words;
  start: Start;
  processInstanceKey: string;
  userId: string;
  /** The modal that the person looks at. */
  viewId: string;
  /** What they have just done, in mrkdwn: `*Create lead* was started.` */
  done: string;
}

/**
 * What a modal shows after a start or a completed task: the form of the person's next task, or who has it, or what became
 * of the process. While it is the person's, nobody sends them a message about it (see notify-tasks.ts).
 */
export async function nextStepModal(context: SlackContext, step: NextStep): Promise<ModalView> {
  const { task, text } = await lookAhead(context, step).catch((error) => {
    if (!(error instanceof EngineUnavailableError)) throw error;
    return { task: undefined, text: step.words('nextStep.unknown') };
  });
  if (task) {
    await holdTask(context.db, task.key, step.userId, step.viewId);
    return taskFormModal(step.words, task);
  }
  await releaseModal(context, step.viewId);
  return resultModal(step.words, step.start.processName, [step.done, text]);
}

/** What was done and what comes next, in mrkdwn. */
export function resultModal(words: Words, processName: string, lines: string[]): ModalView {
  return {
    ...messageModal(words, '', ''),
    title: plainText(processName, slackLimits.viewTitle),
    blocks: lines.filter((line) => line !== '').map(section),
  };
}

async function lookAhead(
  context: SlackContext,
  { words, start, processInstanceKey, userId }: NextStep,
): Promise<{ task: UserTask | undefined; text: string }> {
  const { engine } = context;
  const deadline = performance.now() + patienceMs;
  for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
    const instance = await engine.getProcessInstance(processInstanceKey);
    const tasks = await engine.listUserTasks(processInstanceKey);
    const open = tasks.filter((task) => task.status === 'open');
    for (const task of open) {
      if (await isTheirs(context, task, start, userId)) return { task, text: '' };
    }
    const [next] = open;
    if (next) return { task: undefined, text: await whoHas(context, words, next, start, tasks.length === open.length) };
    const ended = endText(words, instance);
    if (ended !== undefined) return { task: undefined, text: ended };
    if (performance.now() >= deadline) return { task: undefined, text: words('nextStep.byItself') };
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function whoHas(
  context: SlackContext,
  words: Words,
  task: UserTask,
  start: Start,
  isFirst: boolean,
): Promise<string> {
  const holders = mentionHolders(words, await taskHolders(context, task, start));
  return words(isFirst ? 'nextStep.first' : 'nextStep.next', { task: escapeMrkdwn(task.name), holders });
}

/** What became of an instance that goes no further by itself. */
function endText(words: Words, instance: ProcessInstance | undefined): string | undefined {
  const reason = escapeMrkdwn(instance?.reason ?? '');
  switch (instance?.status) {
    case 'completed':
      return words('instance.completed');
    case 'terminated':
      return reason ? words('instance.ended', { reason }) : words('instance.cancelled');
    case 'incident':
      return words('instance.stuck', { reason });
    case undefined:
      return words('instance.gone');
    case 'active':
      return undefined;
  }
}
