import { addEffect } from '../effects.ts';
import { evaluateText, evaluateTexts } from '../expression.ts';
import { scheduledDate } from '../timer-expression.ts';
import type { Enter } from './entry.ts';

export const enterUserTask: Enter<'userTask'> = ({ run, key, element, behaviour, surroundings }) => {
  const { assignee, candidateUsers, candidateGroups, dueDate, followUpDate } = behaviour;
  addEffect(run.effects, {
    kind: 'openTask',
    token: key,
    elementId: element.id,
    assignee: (assignee && evaluateText(assignee, surroundings)) || undefined,
    candidateUsers: candidateUsers ? evaluateTexts(candidateUsers, surroundings) : [],
    candidateGroups: candidateGroups ? evaluateTexts(candidateGroups, surroundings) : [],
    dueDate: dueDate && scheduledDate(dueDate, surroundings),
    followUpDate: followUpDate && scheduledDate(followUpDate, surroundings),
  });
};
