import type { Handlers } from './handler.ts';
import { showDetails } from './show-traffic.ts';

/** Requests of the inspector: watch the traffic, and make Slack misbehave. */
export const inspectorRequests = {
  watch_traffic({ watchTraffic }, { on }) {
    watchTraffic(on);
    return null;
  },
  traffic_details({ core }, { entry }) {
    const details = showDetails(core, entry);
    if (!details) throw new Error('This is not remembered any more');
    return details;
  },
  async fault({ core }, fault) {
    const { faults, traffic } = core;
    switch (fault.fault) {
      case 'redeliver': {
        const delivery = traffic.deliveries.find(({ id }) => id === fault.entry);
        if (!delivery) throw new Error('This delivery is not remembered any more');
        if (delivery.state !== 'acknowledged' && delivery.state !== 'given_up') {
          throw new Error('This delivery is still under way');
        }
        await faults.redeliver(delivery);
        break;
      }
      case 'hold':
        faults.holdDeliveries();
        break;
      case 'release':
        await faults.releaseDeliveries({ reverse: fault.reverse, times: fault.times });
        break;
      case 'drop':
        faults.dropConnections();
        break;
      case 'refuse':
        faults.refuseConnections(fault.on);
        break;
      case 'reconnect':
        faults.requestReconnect();
        break;
      case 'answer':
        if (fault.status === 429) faults.rateLimit(fault.method, { times: fault.times });
        else faults.fail(fault.method, { times: fault.times });
        break;
      case 'clear':
        faults.clear();
        break;
    }
    traffic.changed();
    return null;
  },
  async reset({ reset }) {
    await reset();
    return null;
  },
} satisfies Partial<Handlers>;
