import type { FileFault, Mend } from '../../engines/process-library.ts';
import type { Words } from '../../words/words.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { joined, type Markup, markup, say } from '../block-kit/markup.ts';
import { sections } from '../block-kit/sections.ts';

/** Maximum number of faults shown. */
const mostFaults = 60;
const longestReason = 600;

/** `*lead.bpmn*, line 12 · Post lead (post_lead)`, the reason, and what to do. */
export function describeFault(words: Words, { file, line, elementId, elementName, reason, mend }: FileFault): Markup {
  const place =
    line === undefined ? markup`*${file}*` : say(words, 'library.faultLine', { file: markup`*${file}*`, line });
  const element = elementName ? `${elementName} (${elementId})` : elementId;
  return joined(
    [
      joined([place, ...(element === undefined ? [] : [element])], ' · '),
      markup`${reason.length > longestReason ? `${reason.slice(0, longestReason)}…` : reason}`,
      ...(mend ? [markup`_${say(words, mendText(mend))}_`] : []),
    ],
    '\n',
  );
}

const mendText = (mend: Mend) => `library.mend.${mend}` as const;

/** One block per fault, separated by a blank line. */
export function faultBlocks(words: Words, faults: readonly FileFault[]) {
  const shown = faults.slice(0, mostFaults).map((fault) => markup`${describeFault(words, fault)}\n`);
  const more = faults.length - shown.length;
  const lines = more > 0 ? [...shown, say(words, 'library.moreFaults', { count: more })] : shown;
  return sections(lines).slice(0, slackLimits.viewBlocks - 5);
}
