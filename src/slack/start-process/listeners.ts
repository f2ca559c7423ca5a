import type { App } from '@slack/bolt';
import type { SlackContext } from '../slack-context.ts';

export function registerStartProcess(_app: App, _context: SlackContext): void {}
