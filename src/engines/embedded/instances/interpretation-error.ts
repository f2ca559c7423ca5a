/** A command cannot be carried out, for a reason of the instance's own; the instance has an incident that says so. */
export class InterpretationError extends Error {
  override readonly name = 'InterpretationError';
}
