/**
 * Thrown by `ack`: the answer comes too late, the person was told to try again. What has an effect all the same shows it
 * by other means.
 */
export class AnsweredTooLateError extends Error {
  override readonly name = 'AnsweredTooLateError';
}
