import type { SlackContext } from '../slack-context.ts';

export async function reconcileInstance(_context: SlackContext, _processInstanceKey: string): Promise<void> {}
