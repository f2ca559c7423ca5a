/** Kickoff's paces and patiences by feature, in milliseconds. `startKickoff` hands them down; tests set shorter ones. */
export interface Timings {
  calls: {
    /** How long one of Slack's minutes is, of which its limits speak. 0: calls are held up by 429s alone. */
    minuteMs: number;
  };
  token: {
    /** How long after Slack refused the token it is asked again; the pause doubles. */
    firstPauseMs: number;
    longestPauseMs: number;
  };
  membership: {
    /** How often Slack is asked where the app is: it does not always tell that the app was removed. */
    checkEveryMs: number;
  };
  activity: {
    /** Slack: about one message per second and channel. */
    channelPaceMs: number;
    /** When to look again whether the message that a line is in was posted. */
    unpostedMs: number;
    /** A process that has not moved for that long stands somewhere. Before that a picture is for nothing. */
    restMs: number;
    /** How often tasks of closed modals are told, and old pictures deleted. */
    sweepEveryMs: number;
  };
  pictures: {
    /** The pauses between looks whether Slack shows a picture grow with the time that it has taken already. */
    shortestPauseMs: number;
    longestPauseMs: number;
    /** A picture that Slack has not looked at by then is given up. */
    mostScanMs: number;
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
  };
  followUp: {
    /** How long telling of a process lets deliveries and starts go first at most. */
    patienceMs: number;
  };
  health: {
    /** How long a check of health may take. */
    patienceMs: number;
  };
}

export type TimingChanges = { [Feature in keyof Timings]?: Partial<Timings[Feature]> };

export const usualTimings: Timings = {
  calls: { minuteMs: 60_000 },
  token: { firstPauseMs: 10_000, longestPauseMs: 600_000 },
  membership: { checkEveryMs: 10 * 60_000 },
  activity: { channelPaceMs: 1000, unpostedMs: 1000, restMs: 3000, sweepEveryMs: 60_000 },
  pictures: { shortestPauseMs: 1000, longestPauseMs: 15_000, mostScanMs: 120_000 },
  home: { gatherMs: 500, paceMs: 1000, sweepEveryMs: 3_600_000 },
  followUp: { patienceMs: 1000 },
  health: { patienceMs: 2000 },
};

/** The timings with some of them changed. */
export function changeTimings(timings: Timings, changes: TimingChanges): Timings {
  return {
    calls: { ...timings.calls, ...changes.calls },
    token: { ...timings.token, ...changes.token },
    membership: { ...timings.membership, ...changes.membership },
    activity: { ...timings.activity, ...changes.activity },
    pictures: { ...timings.pictures, ...changes.pictures },
    home: { ...timings.home, ...changes.home },
    followUp: { ...timings.followUp, ...changes.followUp },
    health: { ...timings.health, ...changes.health },
  };
}
