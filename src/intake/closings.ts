/** A conversation was archived or deleted (`closed`), or unarchived (`reopened`). */
export interface StatusChange {
  kind: 'closed' | 'reopened';
  /** Slack's timestamp of the event. */
  slackTs: string;
}

/**
 * Counts how often a session went from open to closed, and when it was closed if it is closed now, whatever the order in which
 * Slack delivered the changes. Deleting an archived channel is not a second closing.
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

/** Compares Slack timestamps (`seconds.micros`). */
export function compareTs(one: string, other: string): number {
  const [oneSeconds = '', oneRest = ''] = one.split('.');
  const [otherSeconds = '', otherRest = ''] = other.split('.');
  return Number(oneSeconds) - Number(otherSeconds) || Number(oneRest) - Number(otherRest);
}
