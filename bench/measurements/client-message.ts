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

/** The same messages, from the delivery until the started process has its first user task, and until its assignee knows. */
export const measureCompleteStart: Measurement = async (world, tell) => {
  const count = world.options.starts;
  const committed = await compareOnClientMessages(world, tell, { count, until: 'committed' });
  const told = await compareOnClientMessages(world, tell, { count, until: 'told' });
  return [
    rateLine(
      'Complete start, delivery to first user task committed',
      { name: 'Bolt with insert', rate: committed.bolt.rate },
      { rate: committed.kickoff.rate, unit: 'starts' },
      committed.kickoff.ratio,
      0.6,
    ),
    {
      what: 'Complete start, delivery to notification of the assignee',
      baseline: `Bolt with insert ${Math.round(told.bolt.rate)}/s`,
      reached: `${Math.round(told.kickoff.rate)} starts/s`,
      ratio: told.kickoff.ratio,
    },
  ];
};
