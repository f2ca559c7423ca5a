import type { App, ReceiverEvent } from '@slack/bolt';

/** What we read of an Events API delivery (Slack: event_callback). */
export interface EventDelivery<Event = Record<string, unknown>> {
  type: 'event_callback';
  event_id: string;
  team_id: string;
  authorizations?: { team_id: string | null }[];
  event: Event;
}

/** The installation that a delivery is for: in a shared channel the author's team is another. */
export function tenantOf(delivery: EventDelivery<unknown>): string {
  return delivery.authorizations?.[0]?.team_id ?? delivery.team_id;
}

/**
 * Makes Bolt acknowledge events only once their listeners are done. Bolt does it before it calls any, so that a crash in
 * between would lose the event: Slack delivers again only what was not acknowledged.
 */
export function acknowledgeAfterListeners(app: App): void {
  const processEvent = app.processEvent.bind(app);
  app.processEvent = async (event: ReceiverEvent) => {
    if (event.body.type !== 'event_callback') return processEvent(event);
    let answer: { response: Parameters<typeof event.ack>[0] } | undefined;
    await processEvent({
      ...event,
      ack: async (response) => {
        answer = { response };
      },
    });
    if (answer) await event.ack(answer.response);
  };
}
