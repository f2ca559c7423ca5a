import type { TaskAttributes } from '../effects.ts';
import { evaluateText, evaluateTexts } from '../expression.ts';
import { listen } from '../listeners.ts';
import { openUserTask } from '../open-user-task.ts';
import { scheduledDate } from '../timer-expression.ts';
import type { Enter } from './entry.ts';

export const enterUserTask: Enter<'userTask'> = ({ run, key, behaviour, surroundings }) => {
  const { assignee, candidateUsers, candidateGroups, dueDate, followUpDate } = behaviour;
  const task: TaskAttributes = {
    assignee: (assignee && evaluateText(assignee, surroundings)) || undefined,
    candidateUsers: candidateUsers ? evaluateTexts(candidateUsers, surroundings) : [],
    candidateGroups: candidateGroups ? evaluateTexts(candidateGroups, surroundings) : [],
    dueDate: dueDate && scheduledDate(dueDate, surroundings)?.toISOString(),
    followUpDate: followUpDate && scheduledDate(followUpDate, surroundings)?.toISOString(),
  };
  if (listen(run, key, 'creating', { opens: task })) return;
  if (task.assignee !== undefined && listen(run, key, 'assigning', { opens: task })) return;
  openUserTask(run, key, task);
};
