import type { ElementInstance } from '../../engines/engine.ts';
import type { Words } from '../../words/words.ts';
import { fitText } from '../block-kit/fit-text.ts';
import { type Markup, markup, say, timeOfDay } from '../block-kit/markup.ts';

/** How many steps are told: the newest. */
const mostSteps = 25;
const longestLine = 110;

const signs = { active: '▶️', completed: '✅', terminated: '🚫', incident: '⚠️' } as const;

/**
 * The steps of a process so far, a line each, with the time in the reader's own zone (docs.slack.dev: date formatting).
 * What has no name in the diagram, such as most gateways, is no step to people. Undefined: there are none.
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

/** The embedded engine's reasons begin with the element: `Service task “Post lead” (post_lead): …`. It is named already. */
function reasonOf(name: string, reason: string): string {
  const [, element, rest] = /^[^“]*“(.*?)” \(\S+\): (.*)$/s.exec(reason) ?? [];
  return `${name}: ${element === name ? rest : reason}`;
}
