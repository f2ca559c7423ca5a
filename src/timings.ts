/**
 * Kickoff's paces and patiences by feature, in milliseconds. `createKickoff` hands them down; tests set other ones. Times that
 * Slack sets, such as the 3 seconds in which it wants an answer, are constants where they are used.
 */
export interface Timings {
  database: {
    /** How often workers look for work that no signal told them of. */
    pollEveryMs: number;
    /** How long a connection may take to stand. */
    connectMs: number;
    /**
     * How long a statement may take: more than any of ours needs, for what takes long is done in small batches. A connection
     * that answers nothing for so long is dead, whatever TCP thinks of it.
     */
    statementMs: number;
    /** How long statements under way are waited for at the end. */
    endMs: number;
    /** How long a connection is used: it keeps every statement that it has prepared. */
    lifetimeMs: number;
    /** The pause before another attempt to listen for signals. */
    listenAgainMs: number;
    /** How often the connection that listens is asked whether it still stands. */
    checkEveryMs: number;
  };
  opening: {
    /** The pauses between attempts to reach the database or Slack at the start; the pause doubles. */
    firstPauseMs: number;
    longestPauseMs: number;
  };
  socket: {
    /** How long connecting to Socket Mode may take: Slack's `hello` comes well within a second. */
    connectMs: number;
    /** The pauses between attempts to connect; the pause doubles. */
    firstPauseMs: number;
    longestPauseMs: number;
    /** How long a connection that has a successor stays for what came by it: Slack closes it after some 10 seconds. */
    retiringMs: number;
  };
  calls: {
    /** How long one of Slack's minutes is, of which its limits speak. 0: calls are held up by 429s alone. */
    minuteMs: number;
    /** How long a modal that is loading waits for its content. */
    viewPatienceMs: number;
    /** How long a question about a delivery waits: its delivery is put aside by then. */
    questionPatienceMs: number;
    /** How long work in a queue waits in its place: what takes longer is put off, so that it holds up nothing else. */
    queuePatienceMs: number;
    /** How long Slack may take to answer a request: one that a person waits for, and any other. */
    urgentRequestMs: number;
    requestMs: number;
  };
  token: {
    /** How long after Slack refused the token it is asked again; the pause doubles. */
    firstPauseMs: number;
    longestPauseMs: number;
  };
  deliveries: {
    /** A delivery that was put aside, and then cut short by a crash, is handled again after this. */
    leaseMs: number;
    /** How long the last events before Slack withholds some may be on their way. */
    settlingMs: number;
  };
  membership: {
    /** How often Slack is asked where the app is: it does not always tell that the app was removed. */
    checkEveryMs: number;
    /** A join that a crash cut short is made again after this. */
    joinLeaseMs: number;
    /** Taking in the channels of a live chat goes on after this, if a crash cut it short. */
    adoptionLeaseMs: number;
    /** How long an event that tells of a new channel may be on its way. */
    settlingMs: number;
  };
  liveChats: {
    /** How often live chats are read again in case a signal was missed. */
    refreshEveryMs: number;
  };
  starts: {
    /** A start whose worker crashed is taken over after this. */
    leaseMs: number;
    /** How long a start lets deliveries go first at most. */
    patienceMs: number;
  };
  conversations: {
    /** Publishing to processes goes on after this, if a crash cut it short. */
    leaseMs: number;
  };
  waits: {
    /** A wait for an answer is looked at again after this, if a crash cut that short. */
    leaseMs: number;
  };
  startModal: {
    /** How long the modal of a start that waits is kept up to date: people look at one for less. */
    followForMs: number;
    /** For so long the start is looked at often, while the person still watches the modal; then more seldom. */
    attentionMs: number;
    attentivePauseMs: number;
    pauseMs: number;
  };
  tasks: {
    /** How long a modal waits for the process to reach its next task, and the pauses between looks; the pause doubles. */
    nextStepMs: number;
    firstPauseMs: number;
    longestPauseMs: number;
    /** A view that follows the answer to a submission sooner could overtake it, and be lost under it. */
    settleMs: number;
    /** How long a modal keeps a person's task to itself if Slack never tells that it was closed. */
    holdMs: number;
    /** A message about a task that was not posted after this is posted by somebody else: rate limits take less. */
    claimMs: number;
    /** How long a released task waits in its place for its turn with Slack. */
    turnPatienceMs: number;
    /** A reminder that a crash cut short is made again after this. */
    reminderLeaseMs: number;
  };
  activity: {
    /** Slack: about one message per second and channel. */
    channelPaceMs: number;
    /** When to look again whether the message that a line is in was posted. */
    unpostedMs: number;
    /** A process that has not moved for that long stands somewhere. Before that a picture is for nothing. */
    restMs: number;
    /** Lines that a crash cut short are brought up to date after this. */
    leaseMs: number;
  };
  notices: {
    /** How often tasks of closed modals are told, and old pictures deleted. */
    sweepEveryMs: number;
  };
  pictures: {
    /** The pauses between looks whether Slack shows a picture grow with the time that it has taken already. */
    shortestPauseMs: number;
    longestPauseMs: number;
    /** A picture that Slack has not looked at by then is given up. */
    mostScanMs: number;
    /** How long uploading one may take. */
    uploadMs: number;
    /** How long a picture stays once a newer one took its place: somebody may look at it still. */
    graceMs: number;
  };
  home: {
    /** How long changes are gathered before Home tabs are marked. */
    gatherMs: number;
    /**
     * One Home tab in that time: Slack takes some 100 calls of views.publish a minute (tier 4), and those that people wait
     * for come on top.
     */
    paceMs: number;
    /** How often Home tabs that nobody has opened for long are forgotten. */
    sweepEveryMs: number;
    /** A Home tab that a crash left behind is refreshed after this. */
    leaseMs: number;
    /** How long the engine may take to say that it is there. */
    enginePatienceMs: number;
  };
  followUp: {
    /** How long telling of a process lets deliveries and starts go first at most. */
    patienceMs: number;
  };
  drift: {
    /** Administrators are told of a drift again after this, if a crash cut that short. */
    leaseMs: number;
  };
  library: {
    /** How long fetching a file that somebody uploaded may take. */
    downloadMs: number;
    /** How often is looked whether processes name other people. */
    lookEveryMs: number;
    /** How often Slack is asked again whether it knows them, and how soon after it did not answer. */
    askEveryMs: number;
    retryMs: number;
  };
  jobs: {
    /** How long a job waits for Slack in its place: a job that takes a minute has failed. */
    inPlaceMs: number;
  };
  retention: {
    /** The pauses between two looks at everything, and between two batches. */
    everyMs: number;
    pauseMs: number;
  };
  embeddedEngine: {
    /** How often its workers look for work that nobody woke them for. */
    pollIntervalMs: number;
    /** What a worker claimed is taken over after this, if it crashed. */
    leaseMs: number;
    /** How long a job's handler may take. */
    jobTimeoutMs: number;
    /** How long a result is kept while the database is away; then the job is done again. */
    recordingMs: number;
    /** How often the files are looked at for changes. */
    filesIntervalMs: number;
    /** How often messages are forgotten whose time to live is over. */
    forgetEveryMs: number;
    /** How long a person waits for a task's listeners. */
    listenersMs: number;
    /** How often a program's request for jobs looks for some. */
    jobsEveryMs: number;
  };
  health: {
    /** How long a check of health may take. */
    patienceMs: number;
  };
}

export type TimingChanges = { [Feature in keyof Timings]?: Partial<Timings[Feature]> };

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export const usualTimings: Timings = {
  database: {
    pollEveryMs: 5000,
    connectMs: 5000,
    statementMs: 30_000,
    endMs: 5000,
    lifetimeMs: hourMs,
    listenAgainMs: 500,
    checkEveryMs: 30_000,
  },
  opening: { firstPauseMs: 1000, longestPauseMs: 15_000 },
  socket: { connectMs: 10_000, firstPauseMs: 250, longestPauseMs: 10_000, retiringMs: 8000 },
  calls: {
    minuteMs,
    viewPatienceMs: 60_000,
    questionPatienceMs: 10_000,
    queuePatienceMs: 500,
    urgentRequestMs: 5000,
    requestMs: 10_000,
  },
  token: { firstPauseMs: 10_000, longestPauseMs: 10 * minuteMs },
  deliveries: { leaseMs: 10_000, settlingMs: 5000 },
  membership: { checkEveryMs: 10 * minuteMs, joinLeaseMs: 10_000, adoptionLeaseMs: 30_000, settlingMs: 2000 },
  liveChats: { refreshEveryMs: 30_000 },
  starts: { leaseMs: 10_000, patienceMs: 250 },
  conversations: { leaseMs: 10_000 },
  waits: { leaseMs: 30_000 },
  startModal: { followForMs: 10 * minuteMs, attentionMs: 15_000, attentivePauseMs: 500, pauseMs: 5000 },
  tasks: {
    nextStepMs: 8000,
    firstPauseMs: 50,
    longestPauseMs: 500,
    settleMs: 500,
    holdMs: 15 * minuteMs,
    claimMs: 6 * minuteMs,
    turnPatienceMs: 5000,
    reminderLeaseMs: 60_000,
  },
  activity: { channelPaceMs: 1000, unpostedMs: 1000, restMs: 3000, leaseMs: 60_000 },
  notices: { sweepEveryMs: minuteMs },
  pictures: { shortestPauseMs: 1000, longestPauseMs: 15_000, mostScanMs: 120_000, uploadMs: 10_000, graceMs: hourMs },
  home: { gatherMs: 500, paceMs: 1000, sweepEveryMs: hourMs, leaseMs: 30_000, enginePatienceMs: 1000 },
  followUp: { patienceMs: 1000 },
  drift: { leaseMs: 30_000 },
  library: { downloadMs: 10_000, lookEveryMs: 2000, askEveryMs: hourMs, retryMs: minuteMs },
  jobs: { inPlaceMs: 30_000 },
  retention: { everyMs: 24 * hourMs, pauseMs: 100 },
  embeddedEngine: {
    pollIntervalMs: 5000,
    leaseMs: 10_000,
    jobTimeoutMs: 60_000,
    recordingMs: 30_000,
    filesIntervalMs: 1000,
    forgetEveryMs: 60_000,
    listenersMs: 8000,
    jobsEveryMs: 500,
  },
  health: { patienceMs: 2000 },
};

/** The timings with some of them changed. */
export function changeTimings(timings: Timings, changes: TimingChanges): Timings {
  const features = Object.keys(timings) as (keyof Timings)[];
  const changed = features.map((feature) => [feature, { ...timings[feature], ...changes[feature] }]);
  return Object.fromEntries(changed) as Timings;
}
