import { FeelSyntaxError } from '../../../feel/feel.ts';
import type { Mend } from '../../process-library.ts';
import { type Expression, parseExpression } from '../interpreter/expression.ts';
import type { DiagramElement } from './diagram.ts';

/** A problem in a diagram that keeps the engine from running it, or a warning. */
export interface DiagramProblem {
  elementId?: string;
  elementName?: string;
  reason: string;
  mend?: Mend;
}

/** Collects the problems of one file, so that a person sees all of them at once. */
export interface Reading {
  problems: DiagramProblem[];
  /** Problems that do not prevent loading, but are probably not intended. */
  warnings: DiagramProblem[];
}

export function report({ problems }: Reading, element: DiagramElement, reason: string, mend?: Mend): void {
  problems.push({ ...problemAt(element, reason), ...(mend && { mend }) });
}

export function warn({ warnings }: Reading, element: DiagramElement, reason: string): void {
  warnings.push(problemAt(element, reason));
}

export function problemAt({ id, name }: Pick<DiagramElement, 'id' | 'name'>, reason: string): DiagramProblem {
  return { ...(id !== undefined && { elementId: id }), ...(name && { elementName: name }), reason };
}

/** Parses an expression. An invalid one is reported and replaced by an empty one, since its process is refused anyway. */
export function readExpression(reading: Reading, element: DiagramElement, text: string, what: string): Expression {
  try {
    return parseExpression(text);
  } catch (error) {
    if (!(error instanceof FeelSyntaxError)) throw error;
    report(reading, element, `${what} ${text}: ${error.message}`, 'expression');
    return { kind: 'static', text: '' };
  }
}

/** `bpmn:ServiceTask` → `service task`, for people. */
export function typeName(type: string): string {
  const local = type.slice(type.indexOf(':') + 1);
  const words = local.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return words === 'ad hoc sub process' ? 'ad-hoc sub-process' : words;
}

export function refuse(reading: Reading, element: DiagramElement, what: string): undefined {
  report(reading, element, `${what} is not supported`, 'element');
  return undefined;
}
