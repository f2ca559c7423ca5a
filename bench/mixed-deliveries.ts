import { messageDeliveries } from './deliveries.ts';
import type { RawRequest } from './load.ts';
import type { World } from './world.ts';

/** Deliveries of messages: one in `clientShare` is a client's, the others are in conversations without a live chat. */
export function mixedDeliveries({ workspace }: World, count: number, clientShare: number): RawRequest[] {
  const author = { userId: workspace.client, userTeamId: workspace.clientTeamId };
  const ofClients = messageDeliveries(
    workspace,
    { channels: workspace.clientChannels, ...author },
    Math.ceil(count / clientShare),
  );
  const others = messageDeliveries(
    workspace,
    { channels: workspace.otherChannels, ...author },
    count - ofClients.length,
  );
  return Array.from({ length: count }, (_, index) => (index % clientShare === 0 ? ofClients : others).pop()).flatMap(
    (request) => request ?? [],
  );
}
