import type { ValueType } from '../../processes/value-types.ts';
import { missingFiles } from '../../sessions/message-files.ts';
import { properties, propertyName } from '../../sessions/properties.ts';
import { readProperties } from '../../starts/run-start.ts';
import { listSessionStarts } from '../../starts/session-starts.ts';
import type { Words } from '../../words/words.ts';
import { describeStart } from '../activity/describe-start.ts';
import { leftOutLines } from '../block-kit/left-out.ts';
import { joined, type Markup, say } from '../block-kit/markup.ts';
import type { AccessedSession } from '../rights/access-session.ts';
import type { SlackContext } from '../slack-context.ts';
import { startFacts } from '../start-process/start-facts.ts';
import type { StartPlace } from '../start-process/start-place.ts';
import type { CardProperty, SessionCard } from './card-view.ts';
import { originOf } from './property-origin.ts';
import { showValue } from './show-value.ts';

/** Maximum number of processes on a card; the newest. */
const mostProcesses = 15;

/** Reads what the session card shows to this person now. */
export async function readCard(
  context: SlackContext,
  words: Words,
  { session, liveChat, role, isAdministrator }: AccessedSession,
  place: StartPlace,
): Promise<SessionCard> {
  const { db, directory } = context;
  const [shown, { newest, total }, channel] = await Promise.all([
    readShownProperties(context, words, { session, liveChat }, place),
    listSessionStarts(db, session.id, mostProcesses),
    directory.channel(session.channelId),
  ]);
  return {
    place,
    session,
    liveChatName: liveChat.name,
    canMend: role !== 'operator',
    removedBy: session.removedBy === null ? undefined : (await directory.person(session.removedBy))?.name,
    canBringBack: isAdministrator && session.removedAt !== null && !session.isPrivate,
    canStart: role !== undefined && session.status !== 'spam',
    isArchived: channel === undefined || channel.isArchived,
    properties: shown,
    processes: await Promise.all(
      newest.map(async (start) => ({
        ...(await describeStart(context, words, start, { offerRetry: true })),
        start,
        isOurs: context.library?.has(start.processDefinitionId) ?? false,
      })),
    ),
    earlierProcesses: total - newest.length,
  };
}

async function readShownProperties(
  context: SlackContext,
  words: Words,
  operated: Pick<AccessedSession, 'session' | 'liveChat'>,
  place: StartPlace,
): Promise<CardProperty[]> {
  const { session } = operated;
  const { directory, identity } = context;
  const facts = {
    ...(await startFacts(context, operated, place, '')),
    clientUserId: session.clientUserId,
    operatorUserId: session.operatorUserId,
  };
  // An app's message has a blank author, who cannot be looked up.
  const person = async (id: string) => (id === '' ? undefined : directory.person(id));
  const { workspaceUrl } = identity;
  const values = await readProperties({ people: { ...directory, person }, workspaceUrl }, facts);
  const leftOut = leftOutLines(words, missingFiles(facts.message?.files ?? []));
  const shown = (code: string, type: ValueType): Markup => {
    if (code === 'session.status') return say(words, `session.status.${session.status}`);
    const value = showValue(values[code], type, words);
    if (code !== 'message.files' || leftOut.length === 0) return value;
    return joined(values[code] === undefined ? leftOut : [value, ...leftOut], ' · ');
  };
  return properties
    .filter(({ code }) => place.message || !code.startsWith('message.'))
    .map(({ code, type }) => {
      const origin = originOf(code, session);
      return {
        code,
        label: words(propertyName({ code })),
        value: shown(code, type),
        origin: origin && values[code] !== undefined ? say(words, origin) : undefined,
      };
    });
}
