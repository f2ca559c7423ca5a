import { rateLine } from '../table.ts';
import { compareOnClientMessages } from './client-messages.ts';
import type { Measurement } from './measurement.ts';

/** Clients' messages that start a process, acknowledged after the commit, compared with a Bolt app that inserts each first. */
export const measureClientMessage: Measurement = async (world, tell) => {
  const { bolt, kickoff } = await compareOnClientMessages(world, tell, { count: world.options.deliveries });
  return [
    rateLine(
      'Bound client message, acknowledged',
      { name: 'Bolt with insert', rate: bolt.rate },
      { rate: kickoff.rate, unit: 'deliveries' },
      kickoff.ratio,
      1,
    ),
  ];
};

/** The same messages, from the delivery until the first user task of the started process is committed. */
export const measureCompleteStart: Measurement = async (world, tell) => {
  const { bolt, kickoff } = await compareOnClientMessages(world, tell, {
    count: world.options.starts,
    untilTasksOpen: true,
  });
  return [
    rateLine(
      'Complete start, delivery to first user task',
      { name: 'Bolt with insert', rate: bolt.rate },
      { rate: kickoff.rate, unit: 'starts' },
      kickoff.ratio,
      0.6,
    ),
  ];
};
