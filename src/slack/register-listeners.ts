import type { App } from '@slack/bolt';
import { registerActivity } from './activity/listeners.ts';
import { registerHome } from './home/listeners.ts';
import { registerLiveChatConfig } from './live-chat-config/listeners.ts';
import { registerProcessLibrary } from './process-library/listeners.ts';
import { registerSessionCard } from './session-card/listeners.ts';
import type { SlackContext } from './slack-context.ts';
import { registerStartProcess } from './start-process/listeners.ts';
import { registerTaskForm } from './task-form/listeners.ts';
import { registerWhy } from './why/listeners.ts';

/**
 * Registers everything that people can do with Kickoff in Slack. test/slack/rights tries each of these as every kind of person.
 */
export function registerListeners(app: App, context: SlackContext): void {
  registerStartProcess(app, context);
  registerTaskForm(app, context);
  registerLiveChatConfig(app, context);
  registerProcessLibrary(app, context);
  registerActivity(app, context);
  registerSessionCard(app, context);
  registerWhy(app, context);
  registerHome(app, context);
}
