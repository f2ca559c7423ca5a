/** A conversation was archived or deleted (`closed`), or unarchived (`reopened`). */
export interface StatusChange {
  kind: 'closed' | 'reopened';
  /** Slack's timestamp of the event. */
  slackTs: string;
}

/**
 * What a session's status changes amount to, in whatever order Slack delivered them: how often it went from open to
 * closed (deleting an archived channel is no second closing), and when it closed if it is closed now.
 */
export function countClosings(changes: StatusChange[]): { closings: number; closedTs: string | undefined } {
  const ordered = changes.toSorted((one, other) => compareTs(one.slackTs, other.slackTs));
  let closings = 0;
  let closedTs: string | undefined;
  for (const { kind, slackTs } of ordered) {
    if (kind === 'reopened') {
      closedTs = undefined;
    } else if (closedTs === undefined) {
      closedTs = slackTs;
      closings += 1;
    }
  }
  return { closings, closedTs };
}

/** Orders Slack timestamps (`seconds.micros`). */
export function compareTs(one: string, other: string): number {
  const [oneSeconds = '', oneRest = ''] = one.split('.');
  const [otherSeconds = '', otherRest = ''] = other.split('.');
  return Number(oneSeconds) - Number(otherSeconds) || Number(oneRest) - Number(otherRest);
}
