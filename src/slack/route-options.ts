import type { AllMiddlewareArgs, App, Middleware, SlackOptionsMiddlewareArgs } from '@slack/bolt';

type OptionsRequest = SlackOptionsMiddlewareArgs<'block_suggestion'> & AllMiddlewareArgs;
type OptionsListener = Middleware<SlackOptionsMiddlewareArgs<'block_suggestion'>>;

/**
 * Makes `app.options({ type: 'block_suggestion', action_id }, listener)` hand requests for options straight to their listeners.
 * There is one request for each keystroke, and Bolt would try every listener of the app for it.
 */
export function routeOptions(app: App): void {
  const byAction = new Map<string, OptionsListener[]>();
  const options = ({ action_id: actionId }: { action_id: string }, listener: OptionsListener) => {
    byAction.set(actionId, [...(byAction.get(actionId) ?? []), listener]);
  };
  app.options = options as App['options'];
  app.use(async (request) => {
    const listeners = isOptionsRequest(request) ? byAction.get(request.body.action_id) : undefined;
    if (!listeners) return request.next();
    await Promise.all(listeners.map((listener) => listener(request as OptionsRequest)));
  });
}

function isOptionsRequest(request: object): request is OptionsRequest {
  return 'options' in request && (request as OptionsRequest).body.type === 'block_suggestion';
}
