import type { FailedRow, HeldBack, Hindrance } from '../../bindings/held-back.ts';
import { propertyName, propertyOf } from '../../sessions/properties.ts';
import { getStart } from '../../starts/queries.ts';
import type { Words } from '../../words/words.ts';
import { joined, type Markup, markup, say } from '../block-kit/markup.ts';
import { rowSentence } from '../live-chat-config/describe-terms.ts';
import { showValue } from '../session-card/show-value.ts';
import type { SlackContext } from '../slack-context.ts';
import { maskValue } from './mask-value.ts';

/** Explains why a binding that was tried did not start its process. */
export async function explainHeldBack(context: SlackContext, words: Words, heldBack: HeldBack): Promise<Markup> {
  const { event, processName: process, hindrance } = heldBack;
  const reason = await explainHindrance(words, hindrance, async (startId) => {
    const start = await getStart(context.db, context.identity.teamId, startId);
    return start?.createdAt;
  });
  return say(words, 'why.heldBack', { event: words(`event.${event}`), process, reason });
}

/** `startedAt`: when the start that caused the hindrance was made; undefined if not known any more. */
export async function explainHindrance(
  words: Words,
  hindrance: Hindrance,
  startedAt: (startId: string) => Promise<Date | undefined>,
): Promise<Markup> {
  switch (hindrance.kind) {
    case 'rows': {
      const rows = joined(
        hindrance.failed.map((failed) => explainRow(words, failed)),
        '; ',
      );
      return say(words, 'why.hindered.rows', { count: hindrance.failed.length, rows });
    }
    case 'expression': {
      const { expression, fault } = hindrance;
      if (fault === null) return say(words, 'why.hindered.expression', { expression });
      return say(words, 'why.hindered.fault', { expression, fault });
    }
    case 'processOff':
      return say(words, 'why.hindered.processOff');
    case 'answered':
      return say(words, 'why.hindered.answered', { at: words.dateTime(new Date(hindrance.at)) });
    case 'awaited':
      return say(words, 'why.hindered.awaited');
    case 'stopped':
      return say(words, 'why.hindered.stopped', { process: hindrance.by });
    case 'policy': {
      const { policy, minutes, startId } = hindrance;
      if (startId === null || policy === 'every_time') return say(words, 'why.hindered.sameOccasion');
      const started = await startedAt(startId);
      const at = started ? words.dateTime(started) : words('why.someTime');
      if (policy !== 'at_most_once_in') return say(words, `why.hindered.${policy}`, { at });
      return say(words, 'why.hindered.at_most_once_in', { minutes: minutes ?? 0, at });
    }
  }
}

/** Values of profiles are masked as everywhere in an explanation. */
function explainRow(words: Words, { row, found }: FailedRow): Markup {
  const condition = say(words, rowSentence(row));
  if (found === null) return say(words, 'why.hindered.rowAbsent', { condition });
  const property = propertyOf(row.property);
  const type = property?.type ?? 'text';
  const shown = maskValue(found, type, property ? words(propertyName(property)) : row.property);
  return say(words, 'why.hindered.row', { condition, found: markup`${showValue(shown, type, words)}` });
}
