/** An error whose text is written for the person who caused it and may be shown to them in Slack. */
export class UserFacingError extends Error {
  override readonly name: string = 'UserFacingError';
}

/** Something Kickoff depends on (database, engine, Slack) did not answer; trying again later may help. */
export class UnavailableError extends Error {
  override readonly name: string = 'UnavailableError';
}

/** The message of anything that was thrown, for a log line or a reason kept with a start. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
