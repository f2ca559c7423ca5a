import type { App } from '@slack/bolt';
import type { SlackContext } from '../slack-context.ts';

export function registerLiveChatConfig(_app: App, _context: SlackContext): void {}
