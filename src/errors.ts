/** An error whose text is written for the person who caused it and may be shown to them in Slack. */
export class UserFacingError extends Error {
  override readonly name: string = 'UserFacingError';
}

/** Something Kickoff depends on (database, engine, Slack) did not answer; trying again later may help. */
export class UnavailableError extends Error {
  override readonly name: string = 'UnavailableError';
}

/**
 * Why something failed, for people to read. Only errors that are made to be read say it themselves: a database's, say,
 * quotes what people wrote.
 */
export function publicReason(error: unknown): string {
  const isReadable = error instanceof UserFacingError || error instanceof UnavailableError;
  return isReadable ? error.message : 'Kickoff ran into a fault of its own.';
}

/** The message of anything that was thrown, for a log line. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
