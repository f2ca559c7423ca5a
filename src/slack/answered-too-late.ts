/**
 * Thrown by `ack` if the answer comes too late and the person was told to try again. Work that has had its effect shows the
 * result by other means.
 */
export class AnsweredTooLateError extends Error {
  override readonly name = 'AnsweredTooLateError';
}
