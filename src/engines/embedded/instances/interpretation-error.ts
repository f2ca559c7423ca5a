/** A command failed for a reason that lies in the instance; the instance has an incident with the reason. */
export class InterpretationError extends Error {
  override readonly name = 'InterpretationError';
}
