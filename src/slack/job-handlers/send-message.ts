import type { JobHandler } from '../../engines/engine.ts';
import type { SlackContext } from '../slack-context.ts';

export function createSendMessage(_getContext: () => SlackContext): JobHandler {
  return async () => ({});
}
