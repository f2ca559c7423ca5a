import type { BlockAction, ButtonAction } from '@slack/bolt';
import { EngineRefusedError, EngineUnavailableError } from '../../engines/engine.ts';
import { UserFacingError } from '../../errors.ts';
import { getStart } from '../../starts/queries.ts';
import { message } from '../../words/message.ts';
import { cancelStart } from '../activity/cancel-start.ts';
import { resolveIncidents, retryStart } from '../activity/retry-start.ts';
import { say } from '../block-kit/markup.ts';
import { acknowledgeSaved } from '../live-chat-config/acknowledge-saved.ts';
import { changeView, refreshBelow } from '../live-chat-config/update-views.ts';
import { openModal } from '../open-modal.ts';
import { accessSession } from '../rights/access-session.ts';
import { requireMendRight } from '../rights/require-mend-right.ts';
import type { SlackContext } from '../slack-context.ts';
import { readPlace } from '../start-process/start-place.ts';
import { refreshStart } from '../task-form/notify-tasks.ts';
import type { Submission } from '../task-form/show-view.ts';
import { updateView } from '../update-view.ts';
import { wordsFor } from '../words-for.ts';
import { cardFor } from './show-card.ts';
import { nameBlockId, readVariable, valueBlockId, variableModal } from './variable-view.ts';

type Click = BlockAction<ButtonAction>;

/** The action of a button at a process of the card. */
export type Mend = (context: SlackContext, startId: string, userId: string) => Promise<void>;

export const cancelFromCard: Mend = cancelStart;
export const retryFromCard: Mend = retryStart;

/** Migrates the process to its newest version, to go on from the element with the incident. */
export const moveFromCard: Mend = async (context, startId, userId) => {
  const start = await requireMendRight(context, startId, userId);
  if (!context.library?.has(start.processDefinitionId)) throw new UserFacingError(message('move.elsewhere'));
  await context.library.moveToNewest(start.processInstanceKey);
  await resolveIncidents(context, start);
};

/** Runs a button's action and shows the updated card. */
export async function mend(
  context: SlackContext,
  { action, body }: { action: ButtonAction; body: Click },
  change: Mend,
): Promise<void> {
  if (!body.view) return;
  const { private_metadata: metadata, id: viewId, title } = body.view;
  const userId = body.user.id;
  const words = await wordsFor(context, userId);
  await changeView(context, { words, viewId, title: title.text }, async () => {
    const place = readPlace(metadata);
    const accessed = await accessSession(context, place.channelId, userId);
    const startId = action.value ?? '';
    await change(context, startId, userId);
    const start = await getStart(context.db, context.identity.teamId, startId);
    if (start) await refreshStart(context, start);
    context.homes.note({ liveChatId: accessed.liveChat.id });
    return cardFor(context, place, userId);
  });
}

/** *Set a variable*. */
export async function askForVariable(context: SlackContext, action: ButtonAction, body: Click): Promise<void> {
  const words = await wordsFor(context, body.user.id);
  const request = { words, triggerId: body.trigger_id, title: words('mend.title'), how: 'push' } as const;
  await openModal(context, request, async () => {
    const place = readPlace(body.view?.private_metadata ?? '');
    const start = await requireMendRight(context, action.value ?? '', body.user.id);
    const incidents = await context.engine.listIncidents(start.processInstanceKey);
    return variableModal(words, incidents, { ...place, startId: start.id });
  });
}

/** Sets the variable and resolves the incident if the person asked for it. */
export async function saveVariable(context: SlackContext, submission: Submission): Promise<void> {
  const { ack, body, view } = submission;
  const userId = body.user.id;
  const place = readPlace(view.private_metadata);
  const start = await requireMendRight(context, place.startId ?? '', userId);
  const words = await wordsFor(context, userId);
  const given = readVariable(view.state.values);
  const refuse = (blockId: string, text: string) => ack({ response_action: 'errors', errors: { [blockId]: text } });
  if (given.value === undefined) return refuse(valueBlockId, words('mend.notOfItsKind'));
  if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(given.name)) return refuse(nameBlockId, words('mend.noName'));
  try {
    const scopeKey = await scopeOf(context, start.processInstanceKey, given.incidentKey);
    await context.engine.setVariables({ scopeKey, variables: { [given.name]: given.value }, local: false });
    context.logger.info({ startId: start.id, variable: given.name, by: userId }, 'variable set by hand');
    if (given.goesOn) await resolveIncidents(context, start);
  } catch (error) {
    if (error instanceof EngineUnavailableError) return refuse(valueBlockId, words('home.engineRefuses'));
    if (!(error instanceof UserFacingError)) throw error;
    return refuse(error instanceof EngineRefusedError ? nameBlockId : valueBlockId, words(error.said));
  }
  await refreshStart(context, start);
  const rootViewId = view.root_view_id;
  const refresh = cardFor(context, place, userId).then(async (card) => {
    if (rootViewId) await updateView(context, rootViewId, card);
  });
  await refreshBelow(context, [refresh]);
  const saved = { words, title: words('mend.title'), text: say(words, 'mend.done', { name: given.name }) };
  await acknowledgeSaved(context, () => ack(), view.id, saved);
}

/**
 * The element with the incident if the engine has variables of elements, else the process. Throws UserFacingError if there is
 * no incident any more.
 */
async function scopeOf({ engine }: SlackContext, instanceKey: string, incidentKey: string | undefined) {
  const incidents = await engine.listIncidents(instanceKey);
  // A forged submission could name an incident of another process.
  const incident = incidentKey === undefined ? incidents[0] : incidents.find(({ key }) => key === incidentKey);
  if (!incident) throw new UserFacingError(message('move.nothingHangs'));
  return (await engine.getVariables(incident.key)) === undefined ? instanceKey : incident.key;
}
