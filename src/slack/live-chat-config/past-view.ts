import type { types } from '@slack/bolt';
import type { Binding } from '../../bindings/queries.ts';
import { valueAt } from '../../processes/form-path.ts';
import type { Parameter } from '../../processes/process-definition.ts';
import type { Variables } from '../../processes/value-types.ts';
import type { Words } from '../../words/words.ts';
import { joined, type Markup, say } from '../block-kit/markup.ts';
import { sections } from '../block-kit/sections.ts';
import { showValue } from '../session-card/show-value.ts';
import { explainHindrance } from '../why/explain-held-back.ts';
import { maskValue } from '../why/mask-value.ts';
import { mostOccasions, type Trial, type Trials } from './try-binding.ts';

/** The result of trying a binding on past occasions, as blocks. */
export async function pastBlocks(
  words: Words,
  { event: code, processName: process }: Pick<Binding, 'event' | 'processName'>,
  { trials, startedAt }: Trials,
): Promise<types.KnownBlock[]> {
  const event = words(`event.${code}`);
  if (trials.length === 0) return sections([say(words, 'past.none', { event })]);
  const starting = trials.filter(({ outcome }) => outcome.kind === 'starts' || outcome.kind === 'fails').length;
  const lines = await Promise.all(trials.map((trial) => trialLine(words, trial, startedAt)));
  return [
    ...sections([
      say(words, 'past.about', { process }),
      say(words, 'past.count', { starting, count: trials.length, event }),
      ...(trials.length < mostOccasions ? [say(words, 'past.shorter', { limit: mostOccasions })] : []),
    ]),
    { type: 'divider' },
    ...sections(lines),
  ];
}

async function trialLine(
  words: Words,
  { at: when, sessionName, outcome }: Trial,
  startedAt: Trials['startedAt'],
): Promise<Markup> {
  const where = { at: words.dateTime(when), session: sessionName };
  switch (outcome.kind) {
    case 'starts': {
      const values = filledValues(words, outcome.parameters, outcome.values);
      if (values.length === 0) return say(words, 'past.starts', where);
      return say(words, 'past.startsWith', { ...where, values: joined(values, '; ') });
    }
    case 'fails':
      return say(words, 'past.fails', { ...where, reason: outcome.reason });
    case 'spam':
      return say(words, 'past.not', { ...where, reason: say(words, 'past.spam') });
    case 'held': {
      const reason = await explainHindrance(words, outcome.hindrance, async (id) => startedAt(id));
      return say(words, 'past.not', { ...where, reason });
    }
  }
}

function filledValues(words: Words, parameters: Parameter[], values: Variables): Markup[] {
  return parameters.flatMap(({ key, label, type }) => {
    const value = valueAt(values, key);
    if (value === undefined) return [];
    return [
      say(words, 'past.value', { label, value: showValue(maskValue(value, type, `${key} ${label}`), type, words) }),
    ];
  });
}
