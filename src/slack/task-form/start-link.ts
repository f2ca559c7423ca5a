import { messageLink, sessionLink } from '../../sessions/properties.ts';
import type { SessionFacts } from '../../sessions/session-facts.ts';
import type { SlackContext } from '../slack-context.ts';

/** Link to what a process was started from: the message, or the conversation. */
export function startLink({ identity }: Pick<SlackContext, 'identity'>, facts: SessionFacts): string {
  return messageLink(facts, identity.workspaceUrl) ?? sessionLink(facts, identity.workspaceUrl);
}
