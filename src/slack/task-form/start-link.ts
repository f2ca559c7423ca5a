import { messageLink, sessionLink } from '../../sessions/properties.ts';
import type { SessionFacts } from '../../sessions/session-facts.ts';
import type { SlackContext } from '../slack-context.ts';

/** URL of the message or conversation that a process was started from. */
export function startLink({ identity }: Pick<SlackContext, 'identity'>, facts: SessionFacts): string {
  return messageLink(facts, identity.workspaceUrl) ?? sessionLink(facts, identity.workspaceUrl);
}
