import type { NamedPeople } from '../../process-library.ts';
import type { Expression } from '../interpreter/expression.ts';
import { activityOf, type ProcessModel } from '../interpreter/model.ts';
import { lineOf } from './diagram.ts';

/** The people named by a process's user tasks, except those computed by expressions. */
export function namedPeople({ elements }: ProcessModel, xml: string): Omit<NamedPeople, 'file'>[] {
  return [...elements.values()].map(activityOf).flatMap(({ id, name, behaviour }) => {
    if (behaviour.kind !== 'userTask') return [];
    const { assignee, candidateUsers, candidateGroups } = behaviour;
    const names = [
      ...(assignee?.kind === 'static' ? [assignee.text] : fixedTexts(assignee)),
      ...[candidateUsers, candidateGroups].flatMap(fixedTexts),
    ];
    if (names.length === 0) return [];
    return { line: lineOf(xml, id), elementId: id, ...(name && { elementName: name }), names };
  });
}

/** The texts of a static text, or of an expression that consists only of text literals. */
function fixedTexts(expression: Expression | undefined): string[] {
  if (!expression) return [];
  if (expression.kind === 'static') return expression.text.split(',').flatMap((text) => text.trim() || []);
  const literal = /^=\s*(?:"[^"\\]*"|\[\s*(?:"[^"\\]*"\s*,?\s*)*\])\s*$/.test(expression.text);
  return literal ? [...expression.text.matchAll(/"([^"\\]*)"/g)].flatMap(([, text]) => text || []) : [];
}
