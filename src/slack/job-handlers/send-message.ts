import { type Job, type JobHandler, PermanentJobError } from '../../engines/engine.ts';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import { getLiveChat, listLiveChats } from '../../live-chats/queries.ts';
import type { Session } from '../../sessions/session.ts';
import { claimNotice, listNotices, type NoticeTopic, setNoticePosted } from '../notices/notices.ts';
import { canClientsRead } from '../rights/can-clients-read.ts';
import { isClient } from '../rights/is-client.ts';
import { findUser, plainName } from '../rights/task-people.ts';
import type { SlackContext } from '../slack-context.ts';
import { findPosted } from './find-posted.ts';
import { messageOfJob, type ProcessMessage } from './message-text.ts';
import { outlastingSlack } from './outlasting-slack.ts';
import { jobMetadataType, postMessage } from './post-message.ts';
import { type JobOrigin, originOfJob } from './session-of-job.ts';

/**
 * `live-chat:send-message`: sends `text` to a colleague as a direct message (`user`: Slack id or e-mail address), or to the
 * activity channel of a live chat (`liveChat`: its name; by default the session's own). Never to a client.
 */
export function createSendMessage(getContext: () => SlackContext): JobHandler {
  return outlastingSlack(async (job, signal) => {
    const context = getContext();
    const message = messageOfJob(job);
    const origin = await originOfJob(context, job);
    const user = named(job, 'user');
    if (user !== undefined) await sendToPerson(context, job, origin.session, { user, message, signal });
    else await sendToActivityChannel(context, job, origin, { message, signal });
    return {};
  });
}

async function sendToPerson(
  context: SlackContext,
  job: Job,
  session: Session,
  { user, message, signal }: { user: string; message: ProcessMessage; signal: AbortSignal },
): Promise<void> {
  const { db, directory } = context;
  const userId = await findUser(context, user);
  if (userId === undefined) throw new PermanentJobError(`“user” names nobody in Slack: ${user}`);
  // What processes tell is for colleagues: a client gets nothing but a process's response.
  if (await isClient(context, session, userId)) {
    throw new PermanentJobError('“user” is a client. Only send response writes to clients.');
  }
  // The app cannot search its direct messages (that needs a scope of its own), so what was sent is kept here.
  const topic: NoticeTopic = { kind: 'job', subject: job.key, occasion: '' };
  if (!(await claimNotice(db, { ...topic, userId }))) {
    const [before] = await listNotices(db, topic);
    if (before?.ts) return;
  }
  const request = { channel: await directory.directMessage(userId), message, jobKey: job.key, mayJoin: false };
  const posted = await postMessage(context, request, signal);
  await setNoticePosted(db, { ...topic, userId }, { channelId: posted.channel, ts: posted.ts });
}

async function sendToActivityChannel(
  context: SlackContext,
  job: Job,
  { session, start }: JobOrigin,
  { message, signal }: { message: ProcessMessage; signal: AbortSignal },
): Promise<void> {
  const liveChat = await liveChatOf(context, job, session);
  const { name, activityChannel: channel } = liveChat;
  if (!channel) {
    throw new PermanentJobError(`The live chat “${name}” has no activity channel. Set one with /livechat-config.`);
  }
  if (await canClientsRead(context, liveChat, channel)) {
    throw new PermanentJobError(`Clients can read the activity channel of “${name}”; nothing was sent there.`);
  }
  if (job.attempt > 1) {
    const since = start?.createdAt ?? new Date(0);
    const search = { channel, eventType: jobMetadataType, key: job.key, since };
    if ((await findPosted(context.backgroundClient, search)) !== undefined) return;
  }
  await postMessage(context, { channel, message, jobKey: job.key, mayJoin: true }, signal);
}

async function liveChatOf({ db, identity }: SlackContext, job: Job, session: Session): Promise<LiveChat> {
  const name = named(job, 'liveChat');
  if (name === undefined) {
    const own = session.liveChatId ? await getLiveChat(db, identity.teamId, session.liveChatId) : undefined;
    if (own) return own;
    throw new PermanentJobError('The session belongs to no live chat any more.');
  }
  const all = await listLiveChats(db, identity.teamId);
  const found = all.find((liveChat) => liveChat.name.toLowerCase() === name.toLowerCase());
  if (found) return found;
  throw new PermanentJobError(`“liveChat” names no live chat: ${name}`);
}

function named({ variables }: Job, name: 'user' | 'liveChat'): string | undefined {
  const value = variables[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw new PermanentJobError(`“${name}” must be text.`);
  return plainName(value);
}
