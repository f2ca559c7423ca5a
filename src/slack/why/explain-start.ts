import { own } from '../../own.ts';
import { fitFiles } from '../../processes/check-files.ts';
import { type FormField, fieldsOf } from '../../processes/form.ts';
import { valueAt } from '../../processes/form-path.ts';
import type { Parameter } from '../../processes/process-definition.ts';
import type { Json, ValueType } from '../../processes/value-types.ts';
import { shownFiles } from '../../sessions/message-files.ts';
import { properties, propertyName } from '../../sessions/properties.ts';
import type { Start } from '../../starts/queries.ts';
import { readProperties } from '../../starts/run-start.ts';
import type { Message } from '../../words/message.ts';
import type { Words } from '../../words/words.ts';
import { standingText } from '../activity/activity-line.ts';
import { describeStart } from '../activity/describe-start.ts';
import { leftOutLines } from '../block-kit/left-out.ts';
import { type Markup, say } from '../block-kit/markup.ts';
import { showValue } from '../session-card/show-value.ts';
import type { SlackContext } from '../slack-context.ts';
import { maskValue } from './mask-value.ts';

/** The values of a start, its attempts, and its state. */
export async function explainStart(context: SlackContext, words: Words, start: Start): Promise<Markup[]> {
  const { failedAttempts, attempts, createdAt } = start;
  return [
    say(words, 'why.startedAt', { at: words.dateTime(createdAt) }),
    ...(await valueLines(context, words, start)),
    say(words, 'why.attempts', { count: attempts }),
    ...(failedAttempts ?? []).map(({ attempt, at, reason }) =>
      say(words, 'why.attemptFailed', {
        attempt: String(attempt),
        at: words.dateTime(new Date(at)),
        reason,
      }),
    ),
    standingText(words, await describeStart(context, words, start, { offerRetry: false })),
  ];
}

/** One line per parameter: its value, and where it came from. */
async function valueLines(context: SlackContext, words: Words, start: Start): Promise<Markup[]> {
  const mapping = start.mapping ?? {};
  const definition = context.catalogue().get(start.processDefinitionId);
  const parameters = definition?.parameters ?? [];
  const values = start.variables ?? (await valuesNow(context, start));
  const keys = [...new Set([...parameters.map(({ key }) => key), ...Object.keys(mapping)])];
  return keys.flatMap((key) => {
    const code = own(mapping, key);
    const value = own(values, key) ?? valueAt(values, key);
    const field = definition?.startForm && fieldsOf(definition.startForm).find((one) => one.key === key);
    const leftOut = field && code === 'message.files' ? leftOutOf(field, start, value) : [];
    return [valueLine(words, key, parameters, code, value, start.event !== null), ...leftOutLines(words, leftOut)];
  });
}

/** Why files of the message are missing in a value: only those are listed that the field would accept. */
function leftOutOf(field: FormField, { facts }: Start, value: Json | undefined): Message[] {
  const given = shownFiles(facts.message?.files ?? []);
  const isWhole = Array.isArray(value) && value.length >= given.length;
  return isWhole
    ? []
    : fitFiles(
        field,
        given.map((file) => ({ ...file })),
      ).leftOut;
}

function valueLine(
  words: Words,
  key: string,
  parameters: Parameter[],
  code: string | undefined,
  value: Json | undefined,
  isAutomatic: boolean,
): Markup {
  const parameter = parameters.find((one) => one.key === key);
  const property = properties.find((one) => one.code === code);
  const type: ValueType = parameter?.type ?? property?.type ?? 'text';
  const label = parameter?.label ?? key;
  const shown = showValue(maskValue(value, type, `${key} ${label}`), type, words);
  if (!isAutomatic) return say(words, 'why.entered', { label, value: shown });
  return property
    ? say(words, 'why.filled', { label, property: propertyName(property), value: shown })
    : say(words, 'why.notFilled', { label });
}

/** The values that a start that has not run would get now. */
async function valuesNow(
  { directory, identity }: SlackContext,
  { facts, mapping }: Start,
): Promise<Record<string, Json>> {
  const entries = Object.entries(mapping ?? {});
  const { workspaceUrl } = identity;
  const values = await readProperties(
    { people: directory, workspaceUrl },
    facts,
    entries.map(([, code]) => code),
  );
  return Object.fromEntries(
    entries.flatMap(([key, code]) => {
      const value = own(values, code);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}
