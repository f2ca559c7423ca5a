import type { App } from '@slack/bolt';
import type { SlackContext } from '../slack-context.ts';

export function registerTaskForm(_app: App, _context: SlackContext): void {}
