import { App } from '@slack/bolt';
import { superviseDeliveries } from './deliveries.ts';
import { handleEvent } from './events.ts';
import type { SlackReceiver } from './receiver.ts';
import { registerListeners } from './register-listeners.ts';
import { routeOptions } from './route-options.ts';
import type { SlackContext } from './slack-context.ts';
import { catchUpWithWithheld } from './withheld-events.ts';

export interface SlackApp {
  app: App;
  /** Resolves when no delivery is being processed. */
  drain(): Promise<unknown>;
}

/** The Bolt app with all its listeners; not started. */
export function createSlackApp(context: SlackContext, { receiver }: SlackReceiver, token: string): SlackApp {
  const { identity } = context;
  const app = new App({
    receiver,
    ignoreSelf: false,
    convoStore: false,
    authorize: async () => ({
      botToken: token,
      botId: identity.botId,
      botUserId: identity.botUserId,
      teamId: identity.teamId,
    }),
  });
  const drain = superviseDeliveries(
    app,
    context,
    (delivery) => handleEvent(context, delivery),
    (withheld) => catchUpWithWithheld(context, withheld),
  );

  routeOptions(app);
  registerListeners(app, context);

  // Rethrown for superviseDeliveries to handle: Bolt's own wrapper adds nothing.
  app.error(async (error) => {
    throw error.original ?? error;
  });
  return { app, drain };
}
