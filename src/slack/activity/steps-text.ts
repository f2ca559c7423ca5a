import type { ElementInstance } from '../../engines/engine.ts';
import type { Words } from '../../words/words.ts';
import { fitText } from '../block-kit/fit-text.ts';
import { type Markup, markup, say, timeOfDay } from '../block-kit/markup.ts';

/** Maximum number of steps; the newest are shown. */
const mostSteps = 25;
const longestLine = 110;

const signs = { active: '▶️', completed: '✅', terminated: '🚫', incident: '⚠️' } as const;

/**
 * The steps of a process so far, one line each, with the time in the reader's time zone (docs.slack.dev: date formatting).
 * Elements without a name, such as most gateways, are left out. Returns undefined if there are none.
 */
export function stepsText(words: Words, processName: string, elements: ElementInstance[]): Markup[] | undefined {
  const steps = elements.filter(({ name, elementId, parentKey }) => parentKey !== undefined && name !== elementId);
  if (steps.length === 0) return undefined;
  const earlier = steps.length - mostSteps;
  return [
    markup`*${processName}*`,
    ...(earlier > 0 ? [say(words, 'activity.earlierSteps', { count: earlier })] : []),
    ...steps.slice(-mostSteps).map(stepLine),
  ];
}

function stepLine({ name, status, enteredAt, leftAt, reason }: ElementInstance): Markup {
  const text = status === 'incident' && reason ? reasonOf(name, reason) : name;
  return markup`${signs[status]} ${timeOfDay(leftAt ?? enteredAt)} ${fitText(text, longestLine)}`;
}

/**
 * Removes the element's name from a reason of the embedded engine (`Service task “Post lead” (post_lead): …`), since the line
 * names it already.
 */
function reasonOf(name: string, reason: string): string {
  const [, element, rest] = /^[^“]*“(.*?)” \(\S+\): (.*)$/s.exec(reason) ?? [];
  return `${name}: ${element === name ? rest : reason}`;
}
