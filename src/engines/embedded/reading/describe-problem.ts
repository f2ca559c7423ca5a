import type { LoadProblem } from './load-processes.ts';

/** `lead.bpmn:12: Post lead (post_lead): …` */
export function describeProblem(problem: LoadProblem): string {
  return `${placeOf(problem)}: ${reasonAt(problem)}`;
}

/** `lead.bpmn:12` */
export function placeOf({ file, line }: LoadProblem): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** `Post lead (post_lead): …`, on one line, even if names or expressions have several. */
export function reasonAt({ elementId, elementName, reason }: LoadProblem): string {
  const element = elementName ? `${elementName} (${elementId}): ` : elementId ? `${elementId}: ` : '';
  return onOneLine(`${element}${reason}`);
}

export const onOneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
