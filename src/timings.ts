/**
 * Kickoff's intervals and timeouts by feature, in milliseconds. `createKickoff` passes them on; tests set other ones. Times
 * that Slack sets, such as the 3 seconds in which it wants an answer, are constants where they are used.
 */
export interface Timings {
  database: {
    /** How often workers look for work whose signal was missed. */
    pollEveryMs: number;
    /** Timeout for connecting. */
    connectMs: number;
    /**
     * Timeout of a statement, longer than any of Kickoff's statements needs, since long work is done in small batches. A
     * connection that does not answer for this long is considered dead.
     */
    statementMs: number;
    /** How long stopping waits for running statements. */
    endMs: number;
    /** Lifetime of a connection, which accumulates prepared statements. */
    lifetimeMs: number;
    /** Pause before listening for signals is tried again. */
    listenAgainMs: number;
    /** How often the listening connection is checked. */
    checkEveryMs: number;
  };
  opening: {
    /** Pauses between attempts to reach the database or Slack on startup; the pause doubles. */
    firstPauseMs: number;
    longestPauseMs: number;
  };
  socket: {
    /** Timeout for connecting to Socket Mode: Slack's `hello` normally comes within a second. */
    connectMs: number;
    /** Pauses between attempts to connect; the pause doubles. */
    firstPauseMs: number;
    longestPauseMs: number;
    /** How long a replaced connection stays open for its last deliveries: Slack closes it after some 10 seconds. */
    retiringMs: number;
  };
  calls: {
    /** Length of the minute in Slack's rate limits. 0: only a 429 delays calls. */
    minuteMs: number;
    /** How long a loading modal waits for its content. */
    viewPatienceMs: number;
    /** How long a question about a delivery waits. The delivery is deferred by then. */
    questionPatienceMs: number;
    /**
     * How long queued work waits for its turn with Slack; after that it is deferred, so that it does not hold up other work.
     */
    queuePatienceMs: number;
    /** Timeout of a request to Slack: one that a person waits for, and any other. */
    urgentRequestMs: number;
    requestMs: number;
  };
  token: {
    /** Pause before a refused token is tried again; the pause doubles. */
    firstPauseMs: number;
    longestPauseMs: number;
  };
  deliveries: {
    /** Lease after which a deferred delivery is handled again if a crash interrupted it. */
    leaseMs: number;
    /** How long the last events before Slack withholds some may be delayed. */
    settlingMs: number;
  };
  membership: {
    /** How often the app's memberships are read: Slack does not always report that the app was removed. */
    checkEveryMs: number;
    /** Lease after which joining a channel is tried again if a crash interrupted it. */
    joinLeaseMs: number;
    /** Lease after which adopting the channels of a live chat continues if a crash interrupted it. */
    adoptionLeaseMs: number;
    /** How long the event of a new channel may be delayed. */
    settlingMs: number;
  };
  liveChats: {
    /** How often live chats are read again, in case a signal was missed. */
    refreshEveryMs: number;
  };
  starts: {
    /** Lease after which a crashed worker's start is taken over. */
    leaseMs: number;
    /** Maximum time for which a start gives way to deliveries. */
    patienceMs: number;
  };
  conversations: {
    /** Lease after which publishing to processes continues if a crash interrupted it. */
    leaseMs: number;
  };
  waits: {
    /** Lease after which a wait for an answer is handled again if a crash interrupted it. */
    leaseMs: number;
  };
  startModal: {
    /** How long the modal of a waiting start is updated: people look at it for less. */
    followForMs: number;
    /** How long the start is checked often, while the person still watches the modal; after that less often. */
    attentionMs: number;
    attentivePauseMs: number;
    pauseMs: number;
  };
  tasks: {
    /** How long a modal waits for the process to reach its next task, and the pauses between checks; the pause doubles. */
    nextStepMs: number;
    firstPauseMs: number;
    longestPauseMs: number;
    /**
     * Pause before a view follows the answer to a submission: a view sent earlier could overtake the answer and be lost under
     * it.
     */
    settleMs: number;
    /** How long a modal holds a person's task if Slack never reports that it was closed. */
    holdMs: number;
    /** Age after which an unposted message about a task is taken over: rate limits cause shorter delays. */
    claimMs: number;
    /** How long the message about a released task waits for its turn with Slack. */
    turnPatienceMs: number;
    /** Lease after which a reminder is repeated if a crash interrupted it. */
    reminderLeaseMs: number;
  };
  activity: {
    /** Slack allows about one message per second and channel. */
    channelPaceMs: number;
    /** Pause before checking again whether the message of a line was posted. */
    unpostedMs: number;
    /** Pause before checking again whether supervisors were told that clients can read the activity channel. */
    exposureMs: number;
    /** How long a process must not have moved before a picture is worth drawing. */
    restMs: number;
    /** Lease after which lines are updated if a crash interrupted that. */
    leaseMs: number;
  };
  notices: {
    /** How often closed modals are searched for tasks, and old pictures deleted. */
    sweepEveryMs: number;
  };
  pictures: {
    /** Bounds of the pauses between checks whether Slack shows a picture; they grow with the time that has passed. */
    shortestPauseMs: number;
    longestPauseMs: number;
    /** Time after which a picture that Slack has not scanned is given up. */
    mostScanMs: number;
    /** Timeout of an upload. */
    uploadMs: number;
    /** How long a replaced picture is kept: somebody may still be looking at it. */
    graceMs: number;
  };
  home: {
    /** How long changes are collected before Home tabs are marked. */
    gatherMs: number;
    /**
     * Interval between two Home tabs: Slack allows some 100 calls of views.publish a minute (tier 4), and calls that people
     * wait for come on top.
     */
    paceMs: number;
    /** Lease after which a Home tab is refreshed if a crash interrupted that. */
    leaseMs: number;
    /** How long the engine may take to answer whether it is available. */
    enginePatienceMs: number;
  };
  followUp: {
    /** How long changes of processes are collected before people are notified of them, so that they share statements. */
    gatherMs: number;
    /** Maximum time for which notifying about a process gives way to deliveries and starts. */
    patienceMs: number;
  };
  drift: {
    /** Lease after which administrators are notified of a drift again if a crash interrupted that. */
    leaseMs: number;
  };
  library: {
    /** Timeout for downloading an uploaded file. */
    downloadMs: number;
    /** How often to check whether processes name other people. */
    lookEveryMs: number;
    /** How often Slack is asked again whether it knows them, and how soon after it did not answer. */
    askEveryMs: number;
    retryMs: number;
  };
  jobs: {
    /** How long a job waits for its turn with Slack: a job fails after a minute. */
    inPlaceMs: number;
  };
  retention: {
    /** Pauses between two full passes, and between two batches. */
    everyMs: number;
    pauseMs: number;
  };
  embeddedEngine: {
    /** How often its workers look for work whose signal was missed. */
    pollIntervalMs: number;
    /** Lease after which a crashed worker's work is taken over. */
    leaseMs: number;
    /** Time limit of a job's handler. */
    jobTimeoutMs: number;
    /** How long a result is kept while the database is unavailable; after that the job is done again. */
    recordingMs: number;
    /** How often the files are checked for changes. */
    filesIntervalMs: number;
    /** How often expired messages are deleted. */
    forgetEveryMs: number;
    /** How long a person waits for a task's listeners. */
    listenersMs: number;
    /** How often a waiting request of an external worker checks for jobs. */
    jobsEveryMs: number;
  };
  camunda8: {
    /** Timeout of a call. */
    callMs: number;
    /** How long the cluster may need to process a call whose answer was lost, including the lag of its search index. */
    doubtMs: number;
    /** The same if the index shows nothing newer than the call, and so may have stopped. */
    unprovenDoubtMs: number;
    /** How long to wait until the search index shows Kickoff's own change, before reading it. */
    visibleMs: number;
    /** How often changes are read. */
    pollMs: number;
    /** How far back changes are read again: the index shows changes of different partitions in no common order. */
    overlapMs: number;
    /** The same for every twentieth round, for an index that lagged behind. */
    wideOverlapMs: number;
    /** How often data without a date is read: open tasks for their assignees, incidents for their end. */
    openTasksMs: number;
    /** How often definitions are read. */
    definitionsMs: number;
    /** How often forms are read that can change without a new definition. */
    formsMs: number;
    /** Length of a job's lease; renewed while Kickoff works on it. */
    leaseMs: number;
    /** How long a call waits for jobs; stopping waits for the call. */
    longPollMs: number;
    /** Time limit of a job. */
    jobMs: number;
    /** Delay before a message is offered again after a failure. */
    offerAgainMs: number;
  };
  operaton: {
    /** Timeout of a call. */
    callMs: number;
    /** How long the engine may need to process a call whose answer was lost: its longest transaction. */
    doubtMs: number;
    /** How often changes are read. */
    pollMs: number;
    /** How far back changes are read again: a change becomes visible only when its transaction commits. */
    overlapMs: number;
    /** The same for every twentieth round, for long transactions. */
    wideOverlapMs: number;
    /** How often definitions are read, and forms that can change without a new definition. */
    definitionsMs: number;
    /** Length of an external task's lock; renewed while Kickoff works on it. */
    lockMs: number;
    /** How long a call waits for external tasks. Stopping waits for the call. */
    longPollMs: number;
    /** Time limit of a job. */
    jobMs: number;
    /** How long a job's result is kept while the engine is unavailable; after that the job is done again. */
    recordMs: number;
    /** How often a message that nothing received is offered again. */
    offerAgainMs: number;
  };
  elma365: {
    /** Timeout of a call. */
    callMs: number;
    /** How long ELMA365 may need to process a call whose answer was lost, and to show its effect. */
    doubtMs: number;
    /** How often the states of open instances are read. */
    pollMs: number;
    /** How often the file of processes is read. */
    fileMs: number;
  };
  health: {
    /** Time limit of a health check. */
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
  activity: { channelPaceMs: 1000, unpostedMs: 1000, exposureMs: minuteMs, restMs: 3000, leaseMs: 60_000 },
  notices: { sweepEveryMs: minuteMs },
  pictures: { shortestPauseMs: 1000, longestPauseMs: 15_000, mostScanMs: 120_000, uploadMs: 10_000, graceMs: hourMs },
  home: { gatherMs: 500, paceMs: 1000, leaseMs: 30_000, enginePatienceMs: 1000 },
  followUp: { gatherMs: 50, patienceMs: 1000 },
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
  camunda8: {
    callMs: 30_000,
    doubtMs: 60_000,
    unprovenDoubtMs: 600_000,
    visibleMs: 5000,
    pollMs: 1500,
    overlapMs: 15_000,
    wideOverlapMs: 120_000,
    openTasksMs: 6000,
    definitionsMs: 10_000,
    formsMs: 60_000,
    leaseMs: 20_000,
    longPollMs: 10_000,
    jobMs: 60_000,
    offerAgainMs: 2000,
  },
  operaton: {
    callMs: 30_000,
    doubtMs: 60_000,
    pollMs: 1500,
    overlapMs: 10_000,
    wideOverlapMs: 120_000,
    definitionsMs: 10_000,
    lockMs: 20_000,
    longPollMs: 5000,
    jobMs: 60_000,
    recordMs: 20_000,
    offerAgainMs: 2000,
  },
  elma365: { callMs: 30_000, doubtMs: 120_000, pollMs: 5000, fileMs: 10_000 },
  health: { patienceMs: 2000 },
};

/** Returns the timings with some of them replaced. */
export function changeTimings(timings: Timings, changes: TimingChanges): Timings {
  const features = Object.keys(timings) as (keyof Timings)[];
  const changed = features.map((feature) => [feature, { ...timings[feature], ...changes[feature] }]);
  return Object.fromEntries(changed) as Timings;
}
